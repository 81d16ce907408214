import { onHopper } from '../ground/hopper.ts';
import { settleLoad, startLoad } from '../load/load.ts';
import { strikeAlong } from '../load/strikes.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Scenario, bySize } from '../scenario.ts';

const LONGEST_AWAY_MS = 2_000;

/** SIGKILL of PostgreSQL in the middle of the work, again and again; it is started again on the same folder and port. */
export const databaseKilled = serverKilled(
  'postgres',
  'database-killed',
  'what was answered is on record, and the work goes on, when the database is killed again and again',
);

/** The same with the Temporal server. */
export const temporalKilled = serverKilled(
  'temporal',
  'temporal-killed',
  'no workflow and no command is lost, and the work goes on, when Temporal is killed again and again',
);

function serverKilled(server: 'postgres' | 'temporal', name: string, promise: string): Scenario {
  return {
    ...{ name, promise },
    run: (ground) => {
      const tasks = bySize(ground, { short: 20, usual: 600, long: 6_000 });
      const workers = bySize(ground, { short: 1, usual: 2, long: 2 });
      const times = bySize(ground, { short: 2, usual: 10, long: 100 });
      const { say, random, stopping } = ground;
      return onHopper(ground, { tree: LOAD_TREE, workers }, async (hopper) => {
        const load = startLoad(ground, hopper, { tasks });
        const strike = (no: number): Promise<void> => {
          const awayMs = random.between(0, LONGEST_AWAY_MS);
          say(`kill ${String(no)} of ${hopper[server].name}, away for ${String(awayMs)} ms`);
          return hopper[server].killFor(awayMs, stopping);
        };
        const kills = await strikeAlong(load, times, strike, stopping);
        await load.done;
        return { kills, ...(await settleLoad(ground, hopper, load)) };
      });
    },
  };
}
