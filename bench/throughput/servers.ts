import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { startTemporal } from '../../src/stack/embedded-temporal.ts';
import { connectClient } from '../../src/temporal/connect.ts';
import type { OwnPlace } from '../own-database.ts';

/** The servers that all contenders share, and how the benchmark itself looks at them. */
export interface Servers {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly pids: { readonly postgres: number; readonly temporal: number };
  readonly pool: pg.Pool;
  readonly client: Client;
  readonly folder: string;
}

/** Runs something with a Temporal of its own beside the PostgreSQL. */
export async function withServers<Result>(
  place: OwnPlace,
  work: (servers: Servers) => Promise<Result>,
): Promise<Result> {
  const { folder, databaseUrl, databasePid, progress, stopping: signal } = place;
  const temporal = await startTemporal({ folder: join(folder, 'temporal'), hasUi: false, progress, signal });
  const temporalAddress = temporal.address;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, application_name: 'bench' });
  pool.on('error', () => undefined); // the query that it breaks says so
  const { client, close } = connectClient({ address: temporalAddress, namespace: 'default' });
  const pids = { postgres: databasePid, temporal: temporal.pid };
  try {
    return await work({ databaseUrl, temporalAddress, pids, pool, client, folder });
  } finally {
    await Promise.all([close(), pool.end()]);
    await temporal.close();
  }
}
