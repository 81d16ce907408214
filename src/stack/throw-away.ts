import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, stopPostgresIn, type RunningPostgres } from './embedded-postgres.ts';
import { startTemporal, stopTemporalIn, type RunningTemporal } from './embedded-temporal.ts';
import { startOf } from './processes.ts';

export interface ThrowAwayOptions {
  progress?: (message: string) => void;
}

const PREFIX = 'hopper-throw-away-';

/** A PostgreSQL without durability in a folder of its own; closing it removes the folder. */
export async function startThrowAwayPostgres(options: ThrowAwayOptions = {}): Promise<RunningPostgres> {
  return inThrowAwayFolder((folder) => startPostgres({ folder, isDurable: false, maxConnections: 100, ...options }));
}

/** A Temporal server without a Web UI whose state is in memory; closing it removes its folder. */
export async function startThrowAwayTemporal(options: ThrowAwayOptions = {}): Promise<RunningTemporal> {
  return inThrowAwayFolder((folder) => startTemporal({ folder, isDurable: false, hasUi: false, ...options }));
}

async function inThrowAwayFolder<T extends { close(): Promise<void> }>(
  start: (folder: string) => Promise<T>,
): Promise<T> {
  await sweep();
  const owner = `${String(process.pid)}.${String(await startOf(process.pid))}`;
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${owner}.`));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const running = await start(folder);
    return { ...running, close: () => running.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Ends the servers and removes the folders of test runs that were killed before they could do so. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid, start] = new RegExp(`^${PREFIX}(\\d+)\\.([^.]+)\\.`).exec(name) ?? [];
    if (pid === undefined || (await startOf(Number(pid))) === start) continue;
    const folder = join(tmpdir(), name);
    // Another user's are that user's to sweep.
    await Promise.all([stopPostgresIn(folder), stopTemporalIn(folder)])
      .then(() => rm(folder, { recursive: true, force: true }))
      .catch(() => undefined);
  }
}
