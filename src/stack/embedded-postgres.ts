import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exists } from './cache.ts';
import { holdClaim } from './claim.ts';
import { environmentWithout } from './environment.ts';
import { openLog } from './log-file.ts';
import { onFreePorts, type PortWish } from './ports.ts';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';
import { ensureCluster, SUPERUSER } from './postgres-cluster.ts';
import { ensureDatabase } from './postgres-health.ts';
import { forsakePlace, rememberPlace, settlePlace, type PostgresPlace } from './postgres-place.ts';
import { findServers, startOf, stopServer, type ServerMark } from './processes.ts';
import { launch, type Server, type StopStep } from './server.ts';
import { StackError } from './stack-error.ts';

export interface PostgresOptions {
  /** An absolute path; what is in it is a database that is taken over, with or without a server that still runs on it. */
  folder: string;
  port?: PortWish;
  logFile?: string;
  /** false: nothing is flushed to disk, for databases that are thrown away. */
  isDurable?: boolean;
  maxConnections?: number;
  progress?: (message: string) => void;
  signal?: AbortSignal | undefined;
}

/** A PostgreSQL server of our own. */
export interface RunningPostgres extends Server {
  port: number;
  databaseUrl: string;
}

const HOST = '127.0.0.1';
const DATABASE = 'hopper';
/** Fast shutdown, then immediate shutdown, which recovers at the next start, then none of its own doing. */
const STOP_STEPS: readonly StopStep[] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];
const AFTERMATH_MS = 10_000;
const UNSAFE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Starts a PostgreSQL server on a folder, after creating, or taking over, what is in it. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { progress = () => undefined, signal } = options;
  const place = await settlePlace(options.folder);
  const held = await holdClaim(join(place.folder, 'claim'), place.folder);
  try {
    await stopOrphans(place, progress);
    await forgetRecycledPid(join(place.cluster, 'postmaster.pid'));
    const binaries = await findPostgres(place.user, progress, signal);
    const password = await ensureCluster(place, binaries, options.isDurable ?? true, signal);
    await rememberPlace(options.folder, place);
    const port = options.port ?? { variable: 'HOPPER_PG_PORT' };
    const running = await onFreePorts(HOST, [port], ([free = 0]) =>
      serve({ options, place, binaries, password, port: free }),
    );
    const leave = async (): Promise<void> => {
      await held.release();
      if (!(options.isDurable ?? true)) await forsakePlace(options.folder, place);
    };
    return { ...running, close: () => running.close().finally(leave) };
  } catch (error) {
    await held.release();
    if (!(await exists(place.cluster))) await forsakePlace(options.folder, place);
    throw error;
  }
}

async function stopOrphans({ cluster }: PostgresPlace, progress: (message: string) => void): Promise<void> {
  const mark: ServerMark = { program: 'postgres', flag: '-D', value: cluster };
  for (const pid of await findServers(mark)) {
    progress(`stopping the PostgreSQL that an earlier run left behind (process ${String(pid)})`);
    await stopServer(pid, mark, STOP_STEPS);
  }
}

interface Serve {
  options: PostgresOptions;
  place: PostgresPlace;
  binaries: PostgresBinaries;
  password: string;
  port: number;
}

async function serve(what: Serve): Promise<RunningPostgres> {
  const wasKilled = await exists(join(what.place.cluster, 'postmaster.pid'));
  const deadline = Date.now() + AFTERMATH_MS;
  for (;;) {
    try {
      return await serveOnce(what);
    } catch (error) {
      // The children of a killed server hold its shared memory for a moment longer, and the new one refuses to start.
      if (!wasKilled || !(error instanceof StackError) || Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

async function serveOnce({ options, place, binaries, password, port }: Serve): Promise<RunningPostgres> {
  const { signal, logFile = join(options.folder, 'postgres.log') } = options;
  const server = await launch({
    title: 'PostgreSQL',
    program: binaries.postgres,
    args: ['-D', place.cluster, ...settings(options, port).flatMap((setting) => ['-c', setting])],
    env: { ...environmentWithout('PG'), LC_ALL: 'C' },
    cwd: '/',
    user: place.user.ids,
    log: await openLog(logFile),
    stopSteps: STOP_STEPS,
  });
  const urlOf = (database: string): string => `postgres://${SUPERUSER}:${password}@${HOST}:${String(port)}/${database}`;
  try {
    await server.ready(() => ensureDatabase(urlOf, DATABASE), signal);
  } catch (error) {
    await server.close();
    throw error;
  }
  return { ...server, port, databaseUrl: urlOf(DATABASE) };
}

function settings({ isDurable = true, maxConnections = 60 }: PostgresOptions, port: number): string[] {
  const where = [`port=${String(port)}`, `listen_addresses=${HOST}`, 'unix_socket_directories='];
  const size = [
    'shared_buffers=32MB',
    `max_connections=${String(maxConnections)}`,
    'jit=off',
    'io_method=sync',
    'max_wal_size=256MB',
  ];
  const words = ['timezone=UTC', 'log_timezone=UTC', 'logging_collector=off', 'log_destination=stderr'];
  return [...where, ...size, ...words, ...(isDurable ? [] : UNSAFE)];
}

/** A killed server's pid may be another program's by now; PostgreSQL would take that for itself and refuse to start. */
async function forgetRecycledPid(file: string): Promise<void> {
  const [pid = ''] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  if (pid !== '' && (await startOf(Number(pid))) !== null) await rm(file, { force: true });
}
