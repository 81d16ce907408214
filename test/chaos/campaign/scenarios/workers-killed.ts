import { onHopper } from '../ground/hopper.ts';
import { settleLoad, startLoad } from '../load/load.ts';
import { strikeEvery } from '../load/strikes.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Scenario, bySize } from '../scenario.ts';

/** SIGKILL of one of two workers every few seconds; each is started again. */
export const workersKilled: Scenario = {
  name: 'workers-killed',
  promise: 'no task is lost, done twice or left behind while workers are killed',
  run: (ground) => {
    const tasks = bySize(ground, { short: 24, usual: 1_000, long: 10_000 });
    const pace = bySize(ground, {
      short: { everyMs: 1_000, most: 2 },
      usual: { everyMs: 5_000, most: 24 },
      long: { everyMs: 5_000 },
    });
    const { say, random, stopping } = ground;
    return onHopper(ground, { tree: LOAD_TREE, workers: 2 }, async (hopper) => {
      const load = startLoad(ground, hopper, { tasks, firstAfter: Math.floor(tasks * 0.9) });
      const strike = async (no: number): Promise<void> => {
        const killed = random.pick(hopper.workers);
        say(`kill ${String(no)}: ${killed.name}`);
        await killed.killFor(0, stopping);
      };
      const kills = await strikeEvery(load, pace, strike, stopping);
      await load.done;
      return { kills, ...(await settleLoad(ground, hopper, load)) };
    });
  },
};
