import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionOptions } from '@temporalio/client';
import { holdClaim } from './claim.ts';
import { startPostgres, type RunningPostgres } from './embedded-postgres.ts';
import { startTemporal, type RunningTemporal } from './embedded-temporal.ts';
import { checkExternalDatabase, checkExternalTemporal } from './external.ts';
import type { PortWish } from './ports.ts';
import { readPorts, writePorts, type RememberedPorts } from './remembered-ports.ts';
import { explainFolderFault } from './stack-error.ts';

export interface StackOptions {
  /** An absolute path. */
  dataDir: string;
  /** Set: no embedded PostgreSQL. */
  databaseUrl?: string | undefined;
  /** Set: no embedded Temporal. */
  temporalAddress?: string | undefined;
  /** How to connect to a Temporal that is not embedded: TLS, API key, metadata. */
  temporalConnection?: Omit<ConnectionOptions, 'address'> | undefined;
  namespace: string;
  host: string;
  /** Absent: the remembered or usual one if it is free, else any; 0: any free one; another number: exactly that. */
  ports: { postgres?: number | undefined; temporal?: number | undefined; temporalUi?: number | undefined };
  progress: (message: string) => void;
  /** Aborted during the start: what was started is stopped, and the start rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The two servers that everything else needs, with what it takes to reach them. */
export interface RunningStack {
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | null;
  namespace: string;
  pids: { postgres: number | null; temporal: number | null };
  onExit(listener: (what: 'postgres' | 'temporal', detail: string) => void): void;
  close(): Promise<void>;
}

const USUAL_PORTS = { postgres: 15432, temporal: 7233, temporalUi: 8233 } as const;

/** Brings up PostgreSQL and Temporal on one data folder, or connects to those that are named; all or nothing. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const undo: (() => Promise<void>)[] = [];
  try {
    return await start(options, undo);
  } catch (error) {
    await unwind(undo);
    throw explainFolderFault(error, options.dataDir);
  }
}

async function start(options: StackOptions, undo: (() => Promise<void>)[]): Promise<RunningStack> {
  const { dataDir, databaseUrl, temporalAddress, temporalConnection, namespace, signal } = options;
  signal?.throwIfAborted();
  await makeDataDir(dataDir);
  const held = await holdClaim(join(dataDir, 'claim'), dataDir);
  undo.push(() => held.release());
  if (databaseUrl !== undefined) await checkExternalDatabase(databaseUrl);
  if (temporalAddress !== undefined)
    await checkExternalTemporal({ ...temporalConnection, address: temporalAddress }, namespace);
  const remembered = await readPorts(dataDir);
  const postgres = databaseUrl === undefined ? await embedPostgres(options, remembered) : null;
  if (postgres !== null) undo.push(() => postgres.close());
  const temporal = temporalAddress === undefined ? await embedTemporal(options, remembered) : null;
  if (temporal !== null) undo.push(() => temporal.close());
  await writePorts(dataDir, portsOf(postgres, temporal));
  signal?.throwIfAborted();
  let closing: Promise<void> | undefined;
  return {
    databaseUrl: postgres?.databaseUrl ?? databaseUrl ?? '',
    temporalAddress: temporal?.address ?? temporalAddress ?? '',
    temporalUiUrl: temporal?.uiUrl ?? null,
    namespace,
    pids: { postgres: postgres?.pid ?? null, temporal: temporal?.pid ?? null },
    onExit(listener) {
      postgres?.onExit((detail) => {
        listener('postgres', detail);
      });
      temporal?.onExit((detail) => {
        listener('temporal', detail);
      });
    },
    close: () => (closing ??= unwind(undo)),
  };
}

/** Passable, so that the database's user gets to its own folder; what is in it is closed to others by itself. */
async function makeDataDir(dataDir: string): Promise<void> {
  const created = await mkdir(dataDir, { recursive: true });
  if (created !== undefined) await chmod(dataDir, 0o711);
}

function embedPostgres(
  { dataDir, ports, progress, signal }: StackOptions,
  remembered: RememberedPorts,
): Promise<RunningPostgres> {
  progress('starting PostgreSQL');
  const port = wish(ports.postgres, [remembered.postgres, USUAL_PORTS.postgres], 'HOPPER_PG_PORT');
  return startPostgres({
    folder: join(dataDir, 'postgres'),
    port,
    logFile: join(dataDir, 'logs', 'postgres.log'),
    progress,
    signal,
  });
}

function embedTemporal(
  { dataDir, host, namespace, ports, progress, signal }: StackOptions,
  remembered: RememberedPorts,
): Promise<RunningTemporal> {
  progress('starting Temporal');
  return startTemporal({
    folder: join(dataDir, 'temporal'),
    host,
    namespace,
    ports: {
      frontend: wish(ports.temporal, [remembered.temporal, USUAL_PORTS.temporal], 'HOPPER_TEMPORAL_PORT'),
      ui: wish(ports.temporalUi, [remembered.temporalUi, USUAL_PORTS.temporalUi], 'HOPPER_TEMPORAL_UI_PORT'),
    },
    logFile: join(dataDir, 'logs', 'temporal.log'),
    progress,
    signal,
  });
}

function wish(port: number | undefined, preferably: readonly (number | undefined)[], variable: string): PortWish {
  if (port === undefined) return { preferably, variable };
  return port === 0 ? { variable } : { exactly: port, variable };
}

function portsOf(postgres: RunningPostgres | null, temporal: RunningTemporal | null): RememberedPorts {
  return {
    ...(postgres === null ? {} : { postgres: postgres.port }),
    ...(temporal === null
      ? {}
      : {
          temporal: temporal.ports.frontend,
          ...(temporal.ports.ui === null ? {} : { temporalUi: temporal.ports.ui }),
        }),
  };
}

/** Stops in the reverse order of the start; a step that fails does not keep the others from being taken. */
async function unwind(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.toReversed()) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'the stack did not stop cleanly');
}
