import { join } from 'node:path';
import { startPostgres, type RunningPostgres } from './embedded-postgres.ts';
import { startTemporal, type RunningTemporal } from './embedded-temporal.ts';
import { KeptServer } from './kept-server.ts';
import type { PortWish } from './ports.ts';
import type { RememberedPorts } from './remembered-ports.ts';
import type { StackOptions } from './stack.ts';

/** A server of the stack: how it was found at its first start, which is how it is found after each later one. */
export interface Embedded<Running extends RunningPostgres | RunningTemporal> {
  first: Running;
  kept: KeptServer<Running>;
}

const USUAL_PORTS = { postgres: 15432, temporal: 7233, temporalUi: 8233 } as const;
const VARIABLES = {
  postgres: 'HOPPER_PG_PORT',
  temporal: 'HOPPER_TEMPORAL_PORT',
  temporalUi: 'HOPPER_TEMPORAL_UI_PORT',
} as const;

/** Starts the PostgreSQL of a data folder, and again on the same port whenever it ends. */
export async function embedPostgres(
  options: StackOptions,
  remembered: RememberedPorts,
): Promise<Embedded<RunningPostgres>> {
  const { dataDir, progress, signal, onChange } = options;
  const logFile = join(dataDir, 'logs', 'postgres.log');
  const place = { folder: join(dataDir, 'postgres'), logFile };
  progress('starting PostgreSQL');
  const first = await startPostgres({ ...place, port: wish('postgres', options, remembered), progress, signal });
  const startAgain = ({ port }: RunningPostgres, closing: AbortSignal): Promise<RunningPostgres> =>
    startPostgres({ ...place, port: exactly('postgres', port), signal: closing });
  return { first, kept: new KeptServer(first, { title: 'PostgreSQL', logFile, startAgain, onChange }) };
}

/** Starts the Temporal of a data folder, and again on the same ports whenever it ends. */
export async function embedTemporal(
  options: StackOptions,
  remembered: RememberedPorts,
): Promise<Embedded<RunningTemporal>> {
  const { dataDir, host, namespace, progress, signal, onChange } = options;
  const logFile = join(dataDir, 'logs', 'temporal.log');
  const place = { folder: join(dataDir, 'temporal'), host, namespace, logFile };
  progress('starting Temporal');
  const wishes = {
    frontend: wish('temporal', options, remembered),
    ui: wish('temporalUi', options, remembered),
  };
  const first = await startTemporal({ ...place, ports: wishes, progress, signal });
  const startAgain = ({ ports: { frontend, ui } }: RunningTemporal, closing: AbortSignal): Promise<RunningTemporal> => {
    const ports = { frontend: exactly('temporal', frontend), ui: exactly('temporalUi', ui ?? 0) };
    return startTemporal({ ...place, ports, signal: closing });
  };
  return { first, kept: new KeptServer(first, { title: 'Temporal', logFile, startAgain, onChange }) };
}

type PortName = keyof typeof USUAL_PORTS;

function wish(name: PortName, { ports }: StackOptions, remembered: RememberedPorts): PortWish {
  const [port, variable] = [ports[name], VARIABLES[name]];
  if (port === undefined) return { preferably: [remembered[name], USUAL_PORTS[name]], variable };
  return port === 0 ? { variable } : exactly(name, port);
}

function exactly(name: PortName, port: number): PortWish {
  return { exactly: port, variable: VARIABLES[name] };
}
