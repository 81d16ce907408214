import { type Hopper, type Tree, onHopper } from '../ground/hopper.ts';
import { patiently } from '../ground/patience.ts';
import { auditAtEnd, untilNone } from '../ground/rest.ts';
import { inParallel } from '../load/in-parallel.ts';
import { type Ground, type Scenario, bySize } from '../scenario.ts';

const MANY = 1_000_000;
const REST_MS = 3_600_000;
const WORKER = 'parked-worker';
/** Where a task waits, by its tag. */
const WAITS = { desk: 'queued', people: 'offered', long: 'in_progress', asked: 'blocked' } as const;
type Place = keyof typeof WAITS;

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: (Object.keys(WAITS) as Place[]).map((name) => ({
    ...{ name, scope: 'project' },
    config: {
      ...{ capabilities: [name], orchestration_threshold: MANY, max_concurrent_tasks: MANY },
      worker_timeout_seconds: 86_400,
      ...(name === 'people' && { acceptance: 'manual', acceptance_timeout_seconds: 864_000 }),
    },
  })),
};

interface Parked {
  readonly id: string;
  readonly place: Place;
  /** Of those that somebody works on. */
  readonly lease?: { readonly id: string; readonly token: string };
}

/** Very many tasks that wait for somebody, and everything is killed and started again. */
export const restartWithParked: Scenario = {
  name: 'restart-with-parked',
  promise: 'every task that waits is there after everything was killed, still waits, answers and can be completed',
  run: (ground) =>
    onHopper(ground, { tree: TREE }, async (hopper) => {
      const count = bySize(ground, { short: 30, usual: 1_000, long: 10_000 });
      const parked = await park(ground, hopper, count);
      ground.say(`${String(count)} tasks wait; everything is killed`);
      const secondsUntilFirstDecision = await restart(ground, hopper, parked);
      await inParallel(parked, (task) => requireWaiting(hopper, task));
      ground.say('every task waits; all are completed');
      await inParallel(parked, (task) => complete(ground, hopper, task));
      await untilNone(hopper, ground, REST_MS);
      await inParallel(parked, async ({ id }) => {
        const { status, result } = await hopper.client.tasks.get(id);
        if (status !== 'completed') throw new Error(`task ${id} is ${status}`);
        if (JSON.stringify(result) !== JSON.stringify({ of: id })) throw new Error(`task ${id} has another result`);
      });
      const { audited, findings } = await auditAtEnd(hopper, ground);
      if (audited !== count + 1) throw new Error(`${String(audited)} tasks are on record, not ${String(count + 1)}`);
      return { parked: count, secondsUntilFirstDecision, audited, findings };
    }),
};

async function park(ground: Ground, hopper: Hopper, count: number): Promise<Parked[]> {
  const { random, stopping } = ground;
  const { tasks, instances, leases } = hopper.client;
  const places = Array.from({ length: count }, () => ({
    id: random.uuid(),
    place: random.pick(Object.keys(WAITS) as Place[]),
  }));
  await inParallel(places, async ({ id, place }) => {
    await patiently(() => tasks.submit({ id, title: `waits: ${place}`, tags: [place] }), stopping);
  });
  await untilNone(hopper, ground, REST_MS, ['routing']);
  const claimed = new Map<string, Parked['lease']>();
  for (const place of ['long', 'asked'] as const) {
    await inParallel(
      places.filter((each) => each.place === place),
      async ({ id: no }) => {
        const body = { worker_id: WORKER, request_id: no };
        const claim = await instances.claim(hopper.idOf(place), body);
        if (claim === null) throw new Error(`nothing to claim at ${place}`);
        claimed.set(claim.task.id, claim.lease);
        if (place === 'asked') await leases.ask(claim.lease.id, claim.lease.token, { question: 'go on?' });
      },
    );
  }
  return places.map((each) => {
    const lease = claimed.get(each.id);
    return lease === undefined ? each : { ...each, lease };
  });
}

/** Kills everything, starts it again; answers how many seconds after that the first decision was answered. */
async function restart({ say, stopping }: Ground, hopper: Hopper, parked: readonly Parked[]): Promise<number> {
  const { postgres, temporal, workers, apis, client } = hopper;
  await Promise.all([...workers, ...apis, temporal, postgres].map((each) => each.kill()));
  await Promise.all([postgres.start(), temporal.start()]);
  const begun = performance.now();
  await Promise.all([...workers, ...apis].map((each) => each.start()));
  const { id } = await patiently(() => client.tasks.submit({ title: 'first', tags: ['desk'] }), stopping);
  await patiently(() => client.tasks.complete(id, {}, { idempotencyKey: id }), stopping);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  say(`the first decision after ${String(seconds)} s, with ${String(parked.length)} tasks that wait`);
  return seconds;
}

async function requireWaiting({ client }: Hopper, { id, place }: Parked): Promise<void> {
  const { status } = await client.tasks.get(id);
  if (status !== WAITS[place]) throw new Error(`task ${id} at ${place} is ${status}`);
  await client.tasks.explain(id);
}

/** As whoever it waits for would. */
async function complete({ stopping }: Ground, { client }: Hopper, { id, place, lease }: Parked): Promise<void> {
  const { tasks, leases, delegations } = client;
  const result = { of: id };
  const ask = <Answer>(call: () => Promise<Answer>): Promise<Answer> => patiently(call, stopping);
  if (place === 'asked') await ask(() => tasks.answer(id, { text: 'yes' }, { idempotencyKey: `answer/${id}` }));
  if (place === 'people') {
    const { chain } = await ask(() => tasks.chain(id));
    const offer = chain.at(-1)?.id ?? '';
    await ask(() => delegations.accept(offer, {}, { idempotencyKey: `accept/${id}` }));
  }
  if (lease === undefined) await ask(() => tasks.complete(id, { result }, { idempotencyKey: `complete/${id}` }));
  else await ask(() => leases.complete(lease.id, lease.token, { result }));
}
