import pg from 'pg';
import { onHopper } from '../ground/hopper.ts';
import { settleLoad, startLoad } from '../load/load.ts';
import { strikeEvery } from '../load/strikes.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Scenario, bySize } from '../scenario.ts';

const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;

/** Every connection of Hopper's to the database is cut off, once a second. */
export const connectionsTerminated: Scenario = {
  name: 'connections-terminated',
  promise: 'every transaction is made whole or not at all when all connections to the database are cut off each second',
  run: (ground) => {
    const tasks = bySize(ground, { short: 20, usual: 600, long: 6_000 });
    const workers = bySize(ground, { short: 1, usual: 2, long: 2 });
    const most = bySize(ground, { short: 4, usual: 60, long: 1_800 });
    const { stopping } = ground;
    return onHopper(ground, { tree: LOAD_TREE, workers }, async (hopper) => {
      const client = new pg.Client({ connectionString: hopper.databaseUrl });
      await client.connect();
      try {
        const load = startLoad(ground, hopper, { tasks });
        let connections = 0;
        const strike = async (): Promise<void> => {
          connections += (await client.query(TERMINATE)).rowCount ?? 0;
        };
        const strikes = await strikeEvery(load, { everyMs: 1_000, most }, strike, stopping);
        await load.done;
        return { strikes, connections, ...(await settleLoad(ground, hopper, load)) };
      } finally {
        await client.end();
      }
    });
  },
};
