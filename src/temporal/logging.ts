import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;

/** Sends what the Temporal worker says to Hopper's own log; its "info" is our "debug". Once for each process. */
export function logTemporalTo(log: Logger): void {
  const logger = new DefaultLogger('DEBUG', ({ level, message, meta }) => {
    log[LEVELS[level]](meta ?? {}, message);
  });
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'temporal_sdk_core=WARN', forward: {} } } });
}
