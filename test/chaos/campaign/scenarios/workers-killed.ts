import { setTimeout as sleep } from 'node:timers/promises';
import { onHopper } from '../ground/hopper.ts';
import { settleLoad, startLoad } from '../load/load.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Scenario, bySize } from '../scenario.ts';

/** Two workers, of which one is killed again and again. */
export const workersKilled: Scenario = {
  name: 'workers-killed',
  promise: 'no task is lost, done twice or left behind when workers are killed again and again while it is under way',
  run: (ground) => {
    const tasks = bySize(ground, { short: 40, usual: 1_000, long: 10_000 });
    const everyMs = bySize(ground, { short: 2_000, usual: 5_000, long: 5_000 });
    const mostKills = bySize(ground, { short: 4, usual: Infinity, long: Infinity });
    return onHopper(ground, { tree: LOAD_TREE, workers: 2 }, async (hopper) => {
      const load = startLoad(ground, hopper, { tasks, firstAfter: Math.floor(tasks * 0.9) });
      let kills = 0;
      while (!load.isDone() && kills < mostKills) {
        await sleep(everyMs, undefined, { signal: ground.stopping });
        if (load.isDone()) break;
        const killed = ground.random.pick(hopper.workers);
        await killed.kill();
        kills += 1;
        ground.say(`${killed.name} killed (${String(kills)})`);
        await killed.start();
      }
      await load.done;
      return { kills, ...(await settleLoad(ground, hopper, load)) };
    });
  },
};
