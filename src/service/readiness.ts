import { setTimeout as sleep } from 'node:timers/promises';
import type { Reads } from '../persistence/queries/reads.ts';
import type { Readiness } from './hopper-service.ts';
import type { TaskGateway } from './task-gateway.ts';

/** Asks both servers whether they answer. */
export function createReadiness(
  reads: Pick<Reads, 'ping'>,
  gateway: Pick<TaskGateway, 'ping'>,
): () => Promise<Readiness> {
  return async () => {
    const [database, temporal] = await Promise.all([answerOf(reads.ping()), answerOf(gateway.ping())]);
    return { isReady: database === 'ok' && temporal === 'ok', database, temporal };
  };
}

const PATIENCE_MS = 2_000;

/** Whoever asks for readiness wants an answer at once, also from a server that hangs. */
async function answerOf(ping: Promise<void>): Promise<string> {
  const silence = sleep(PATIENCE_MS, 'does not answer', { ref: false });
  const answer = ping.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : 'does not answer'),
  );
  return Promise.race([answer, silence]);
}
