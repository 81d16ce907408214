import { setTimeout as sleep } from 'node:timers/promises';
import { onHopper } from '../ground/hopper.ts';
import { settleLoad, startLoad } from '../load/load.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Scenario, bySize } from '../scenario.ts';

const WORKED_BEFORE = 0.2;

/** All workers of Hopper are gone for a while; submits and commands go on and pile up. */
export const workersAway: Scenario = {
  name: 'workers-away',
  promise: 'what is asked while no worker is there is taken or said to be late, and is done once when they are back',
  run: (ground) => {
    const tasks = bySize(ground, { short: 20, usual: 600, long: 6_000 });
    const workers = bySize(ground, { short: 1, usual: 2, long: 2 });
    const awayMs = bySize(ground, { short: 5_000, usual: 45_000, long: 600_000 });
    const { say, stopping } = ground;
    return onHopper(ground, { tree: LOAD_TREE, workers }, async (hopper) => {
      const load = startLoad(ground, hopper, { tasks });
      while (load.progress() < WORKED_BEFORE && !load.isDone()) await sleep(50, undefined, { signal: stopping });
      await Promise.all(hopper.workers.map((worker) => worker.kill()));
      say(`no worker is there for ${String(awayMs / 1_000)} s`);
      await Promise.race([Promise.all([load.submitted, sleep(awayMs, undefined, { signal: stopping })]), load.done]);
      const { items } = await hopper.client.tasks.list({ status: 'routing', limit: 200 });
      const backlog = items.length === 200 ? 'at least 200' : items.length;
      const back = performance.now();
      await Promise.all(hopper.workers.map((worker) => worker.start()));
      await load.done;
      const secondsUntilDone = Math.round((performance.now() - back) / 1_000);
      return {
        secondsAway: awayMs / 1_000,
        ...{ backlog, secondsUntilDone },
        ...(await settleLoad(ground, hopper, load)),
      };
    });
  },
};
