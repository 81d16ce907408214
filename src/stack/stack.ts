import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { holdClaim } from './claim.ts';
import type { RunningPostgres } from './embedded-postgres.ts';
import type { RunningTemporal } from './embedded-temporal.ts';
import { embedPostgres, embedTemporal } from './embedded.ts';
import { checkExternalDatabase, checkExternalTemporal } from './external.ts';
import { readPorts, writePorts, type RememberedPorts } from './remembered-ports.ts';
import { makeFolder } from './make-folder.ts';
import { explainFolderFault } from './stack-error.ts';

export interface StackOptions {
  /** An absolute path. */
  dataDir: string;
  /** Set: no embedded PostgreSQL. */
  databaseUrl?: string | undefined;
  /** Set: no embedded Temporal. */
  temporalAddress?: string | undefined;
  namespace: string;
  host: string;
  /** Absent: the remembered or usual one if it is free, else any; 0: any free one; another number: exactly that. */
  ports: { postgres?: number | undefined; temporal?: number | undefined; temporalUi?: number | undefined };
  progress: (message: string) => void;
  /**
   * Hears in a sentence when an embedded server has ended by itself, could not be started again, or is back. Clients only
   * have to connect again: addresses and data stay, and the pid is the new one.
   */
  onChange: (message: string) => void;
  /** Aborted during the start: what was started is stopped, and the start rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The two servers that everything else needs, with what it takes to reach them. */
export interface RunningStack {
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | null;
  namespace: string;
  /** As of now; null: it runs elsewhere, or has just ended and is being started again. */
  readonly pids: { postgres: number | null; temporal: number | null };
  close(): Promise<void>;
}

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
  const { dataDir, databaseUrl, temporalAddress, namespace, signal } = options;
  signal?.throwIfAborted();
  await makeDataDir(dataDir);
  const held = await holdClaim(join(dataDir, 'claim'), dataDir);
  undo.push(() => held.release());
  const servers: { close(): Promise<void> }[] = [];
  undo.push(() => closeAll(servers));
  if (databaseUrl !== undefined) await checkExternalDatabase(databaseUrl);
  if (temporalAddress !== undefined) await checkExternalTemporal(temporalAddress, namespace);
  const remembered = await readPorts(dataDir);
  const postgres = databaseUrl === undefined ? await embedPostgres(options, remembered) : null;
  if (postgres !== null) servers.push(postgres.kept);
  const temporal = temporalAddress === undefined ? await embedTemporal(options, remembered) : null;
  if (temporal !== null) servers.push(temporal.kept);
  await writePorts(dataDir, portsOf(postgres?.first, temporal?.first));
  signal?.throwIfAborted();
  let closing: Promise<void> | undefined;
  return {
    databaseUrl: postgres?.first.databaseUrl ?? databaseUrl ?? '',
    temporalAddress: temporal?.first.address ?? temporalAddress ?? '',
    temporalUiUrl: temporal?.first.uiUrl ?? null,
    namespace,
    get pids() {
      return { postgres: postgres?.kept.pid ?? null, temporal: temporal?.kept.pid ?? null };
    },
    close: () => (closing ??= unwind(undo)),
  };
}

/** Passable, so that the database's user gets to its own folder; what is in it is closed to others by itself. */
async function makeDataDir(dataDir: string): Promise<void> {
  if (await makeFolder(dataDir)) await chmod(dataDir, 0o711);
}

function portsOf(postgres: RunningPostgres | undefined, temporal: RunningTemporal | undefined): RememberedPorts {
  return {
    ...(postgres && { postgres: postgres.port }),
    ...(temporal && { temporal: temporal.ports.frontend }),
    ...(temporal?.ports.ui && { temporalUi: temporal.ports.ui }),
  };
}

/** At once, or one would be started again while the other is being stopped. */
async function closeAll(servers: readonly { close(): Promise<void> }[]): Promise<void> {
  const outcomes = await Promise.allSettled(servers.map((server) => server.close()));
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason);
  if (failures.length > 0) throw new AggregateError(failures, 'a server did not stop cleanly');
}

/** Stops in the reverse order of the start; a step that fails does not keep the others from being taken. */
async function unwind(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.toReversed()) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'the stack did not stop cleanly');
}
