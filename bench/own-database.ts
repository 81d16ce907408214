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
  readonly progress: Progress;
  readonly stopping: AbortSignal;
}

/** Runs a benchmark on a PostgreSQL of its own, as Hopper ships it; nothing is left behind, also after Ctrl-C. */
export async function onOwnDatabase<Report>(
  measure: (place: OwnPlace) => Promise<Report>,
  options: Pick<PostgresOptions, 'maxConnections'> = {},
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
    const place = { folder: join(folder, 'postgres'), port: { variable: 'PORT' } };
    const server = await startPostgres({ ...options, ...place, progress, signal: stopping.signal });
    const stopped = new Promise<never>((_, reject) => {
      stopping.signal.addEventListener('abort', () => {
        reject(stopping.signal.reason as Error);
      });
    });
    const own: OwnPlace = { folder, databaseUrl: server.databaseUrl, progress, stopping: stopping.signal };
    const measuring = measure(own);
    return await Promise.race([measuring, stopped]).finally(async () => {
      await server.close();
      await measuring.catch(() => undefined); // one that was stopped ends without its database, and cleans up
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
