import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Settings, readSettings } from '../../src/config/settings.ts';
import { startPostgres } from '../../src/stack/embedded-postgres.ts';
import { startTemporal } from '../../src/stack/embedded-temporal.ts';

type Say = (message: string) => void;

/** Runs something on a PostgreSQL and a Temporal of its own, in a folder that is removed afterwards. */
export async function onOwnServers<Result>(
  progress: Say,
  signal: AbortSignal,
  work: (settings: Settings) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'hopper-bench-'));
  await chmod(folder, 0o711); // the database's user passes through
  try {
    const place = { folder: join(folder, 'postgres'), port: { variable: 'PORT' } };
    const postgres = await startPostgres({ ...place, progress, signal });
    try {
      const temporal = await startTemporal({
        folder: join(folder, 'temporal'),
        namespace: 'default',
        logFile: join(folder, 'temporal.log'),
        hasUi: false,
        ...{ progress, signal },
      });
      try {
        const { databaseUrl } = postgres;
        const address = temporal.address;
        return await work(
          readSettings({ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: address, HOPPER_HIERARCHY: '/dev/null' }),
        );
      } finally {
        await temporal.close();
      }
    } finally {
      await postgres.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
