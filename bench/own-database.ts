import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresOptions, startPostgres } from '../src/stack/embedded-postgres.ts';

/** Tells the person at the terminal what is going on. */
export type Progress = (message: string) => void;

/** Where a benchmark runs: a folder that is removed at its end, and a PostgreSQL in it. */
export interface OwnPlace {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly databasePid: number;
  readonly progress: Progress;
  readonly stopping: AbortSignal;
}

/** What a benchmark wants done to its PostgreSQL before the server that it measures is started. */
export type Prepare = (databaseUrl: string) => Promise<void>;

/** Runs a benchmark on a PostgreSQL of its own, as Hopper ships it; nothing is left behind, also after Ctrl-C. */
export async function onOwnDatabase<Report>(
  measure: (place: OwnPlace) => Promise<Report>,
  { prepare, ...options }: Pick<PostgresOptions, 'maxConnections'> & { readonly prepare?: Prepare } = {},
): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'hopper-bench-'));
  await chmod(folder, 0o711); // the database's user passes through
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort(new Error('stopped'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  const progress: Progress = (message) => void process.stderr.write(`${message}\n`);
  try {
    const { signal } = stopping;
    const wish = { ...options, folder: join(folder, 'postgres'), port: { variable: 'PORT' }, progress, signal };
    if (prepare !== undefined) await prepared(wish, prepare);
    const server = await startPostgres(wish);
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
    const { databaseUrl, pid: databasePid } = server;
    const own: OwnPlace = { folder, databaseUrl, databasePid, progress, stopping: signal };
    const measuring = measure(own);
    return await Promise.race([measuring, stopped]).finally(async () => {
      await server.close();
      await measuring.catch(() => undefined); // one that was stopped ends without its database, and cleans up
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepared(wish: PostgresOptions, prepare: Prepare): Promise<void> {
  const server = await startPostgres(wish);
  await prepare(server.databaseUrl).finally(() => server.close());
}
