import { setTimeout as sleep } from 'node:timers/promises';
import { type Holder, startHolder } from '../ground/holder.ts';
import { type Hopper, type Tree, onHopper } from '../ground/hopper.ts';
import { patiently } from '../ground/patience.ts';
import { settleLoad, startLoad } from '../load/load.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Ground, type Scenario, bySize } from '../scenario.ts';

/** Temporal gives the step of a worker that says nothing to another after ten seconds. */
const PAST_STEP_MS = [11_000, 15_000] as const;
const LEASE_SECONDS = 2;
const HEARTBEAT_MS = 500;
/** Long enough to be frozen in the middle of it. */
const WORK_MS = 4_000;
const HOLDER = 'frozen';
const TREE: Tree = {
  ...LOAD_TREE,
  children: [
    ...(LOAD_TREE.children ?? []),
    {
      name: 'shelf',
      scope: 'project',
      config: { capabilities: ['shelf'], retry_delay_seconds: 1, worker_timeout_seconds: LEASE_SECONDS },
    },
  ],
};

/** SIGSTOP and, when others have taken over, SIGCONT: of a process that holds tasks, and of Hopper's workers. */
export const workerFrozen: Scenario = {
  name: 'worker-frozen',
  promise: 'who was frozen until others took over is refused when it wakes up, and nothing is done twice',
  run: (ground) => {
    const rounds = bySize(ground, { short: 2, usual: 8, long: 100 });
    const tasks = bySize(ground, { short: 12, usual: 400, long: 5_000 });
    return onHopper(ground, { tree: TREE, workers: 2 }, async (hopper) => {
      const load = startLoad(ground, hopper, { tasks });
      const holder = startHolder(hopper, hopper.idOf('shelf'), HOLDER, WORK_MS);
      try {
        const holding = async (): Promise<void> => {
          for (let no = 1; no <= rounds; no += 1) {
            const task = { id: ground.random.fork(`shelf ${String(no)}`).uuid(), title: `shelf ${String(no)}` };
            await overtake(ground, hopper, holder, task, no % 2 === 0);
            load.ledger.count('holders fenced out');
          }
        };
        await Promise.all([holding(), freezeWorkers(ground, hopper)]);
        await load.done;
        return await settleLoad(ground, hopper, load, rounds);
      } finally {
        await holder.stop();
      }
    });
  },
};

/** The holder is frozen with a task; another does it, and the holder wakes up before or after that. */
async function overtake(
  { stopping }: Ground,
  hopper: Hopper,
  holder: Holder,
  task: { readonly id: string; readonly title: string },
  wakesFirst: boolean,
): Promise<void> {
  const { tasks, instances, leases } = hopper.client;
  const ask = <Answer>(call: () => Promise<Answer>): Promise<Answer> => patiently(call, stopping);
  await ask(() => tasks.submit({ ...task, tags: ['shelf'] }));
  await holder.told((event) => event.event === 'claimed' && event.task_id === task.id, stopping);
  holder.process.kill('SIGSTOP');
  const body = { worker_id: 'other', wait_seconds: 1 };
  let claim = null;
  for (let no = 1; claim === null; no += 1) {
    const request_id = `${task.id}/${String(no)}`;
    claim = await ask(() => instances.claim(hopper.idOf('shelf'), { ...body, request_id }));
  }
  const { lease } = claim;
  const beat = setInterval(() => void leases.heartbeat(lease.id, lease.token).catch(() => undefined), HEARTBEAT_MS);
  const wake = async (): Promise<void> => {
    holder.process.kill('SIGCONT');
    await holder.told((event) => event.event === 'lost' && event.task_id === task.id, stopping);
  };
  try {
    if (wakesFirst) await wake();
    await ask(() => leases.complete(lease.id, lease.token, { result: { by: 'other' } }));
  } finally {
    clearInterval(beat);
  }
  if (!wakesFirst) await wake();
  await requireFenced(hopper, task.id);
}

async function requireFenced({ client }: Hopper, taskId: string): Promise<void> {
  const { status, result, finished_by } = await client.tasks.get(taskId);
  const { items } = await client.tasks.attempts(taskId);
  const seen = JSON.stringify({ status, result, finished_by, attempts: items.map((each) => each.outcome) });
  const wanted = { status: 'completed', result: { by: 'other' }, finished_by: 'other' };
  if (seen !== JSON.stringify({ ...wanted, attempts: ['expired', 'completed'] }))
    throw new Error(`the holder that was frozen was not fenced out of ${taskId}: ${seen}`);
}

async function freezeWorkers({ size, random, say, stopping }: Ground, { workers }: Hopper): Promise<void> {
  const times = bySize({ size }, { short: 1, usual: 3, long: 60 });
  for (let no = 1; no <= times; no += 1) {
    const [frozen, ms] = [random.pick(workers), random.between(...PAST_STEP_MS)];
    await sleep(random.between(0, 2_000), undefined, { signal: stopping });
    say(`freeze ${String(no)}: ${frozen.name} for ${String(ms)} ms`);
    frozen.freeze();
    await sleep(ms, undefined, { signal: stopping });
    frozen.thaw();
  }
}
