import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../../../src/domain/errors.ts';
import { TaskCreate } from '../../../../src/domain/task.schema.ts';
import { by } from '../../../support/hopper.ts';
import { type Tree, onHopper } from '../ground/hopper.ts';
import { type OwnDoors, answerOf, throughOwnDoors } from '../ground/in-process.ts';
import { auditAtEnd, untilNone } from '../ground/rest.ts';
import { type Race, type Shot, judgeRace } from '../load/race.ts';
import type { Random } from '../random.ts';
import { type Account, type Ground, type Scenario, bySize } from '../scenario.ts';

const ACTORS = ['ana', 'ben', 'cleo', 'dan', 'eva', 'finn', 'gwen', 'hugo'] as const;
/** Whoever moves the task has a shorter way than who decides about the offer, and would be first nearly always. */
const VERBS: readonly (readonly Shot['verb'][])[] = [
  ['accept', 'reject'],
  ['accept', 'reject'],
  ['accept', 'accept', 'reject', 'reject', 'reassign', 'cancel'],
];
const LANES = 16;
const MOST_JITTER_MS = 12;
/** Around the moment at which an offer expires. */
const EARLY_MS = 120;
const LATE_MS = 200;
const LOOK_EVERY_MS = 200;
const PATIENCE_MS = 120_000;
const SHARE_OF_EXPIRIES = 0.15;
const MANUAL = { acceptance: 'manual', orchestration_threshold: 1_000_000 } as const;
const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    { name: 'patient', scope: 'project', config: { ...MANUAL, capabilities: ['patient'] } },
    { name: 'hasty', scope: 'project', config: { ...MANUAL, capabilities: ['hasty'], acceptance_timeout_seconds: 1 } },
    { name: 'spare', scope: 'project', config: { orchestration_threshold: 1_000_000, capabilities: ['spare'] } },
  ],
};

/** Eight people and the clock want to decide about one offer in the same moment. */
export const races: Scenario = {
  name: 'races',
  promise:
    'of all who decide about an offer at once one is first, on record and answered so, and the others hear who was',
  run: (ground) =>
    onHopper(ground, { tree: TREE }, (hopper) =>
      throughOwnDoors(hopper, async (doors) => {
        const wanted = bySize(ground, { short: 40, usual: 1_500, long: 10_000 });
        const account = await runRaces(doors, hopper.idOf('spare'), wanted, ground);
        await untilNone(hopper, ground, 60_000);
        return { ...account, ...(await auditAtEnd(hopper, ground)) };
      }),
    ),
};

async function runRaces({ service }: OwnDoors, spareId: string, wanted: number, ground: Ground): Promise<Account> {
  const begun = performance.now();
  const tally = new Map<string, number>();
  const count = (what: string, by = 1): void => void tally.set(what, (tally.get(what) ?? 0) + by);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < wanted) {
      next += 1;
      const random = ground.random.fork(String(next));
      if (next % 500 === 0) ground.say(`${String(next)} of ${String(wanted)} races`);
      ground.stopping.throwIfAborted();
      const verdict = judgeRace(await runRace(service, spareId, random));
      count(`first: ${verdict.first}`);
      count('answered yes', verdict.yes);
      count('answered no', verdict.no);
      count('repeats', verdict.repeats);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const rate = Math.round((wanted / (performance.now() - begun)) * 10_000) / 10;
  return { races: wanted, ...Object.fromEntries([...tally].sort()), 'races a second': rate };
}

/** One offer, eight shots at it, a repeat of every one that hit, and the end of the task. */
async function runRace(service: OwnDoors['service'], spareId: string, random: Random): Promise<Race> {
  const isHasty = random.chance(SHARE_OF_EXPIRIES);
  const title = `race ${random.uuid()}`;
  const { task } = await service.tasks.submit(TaskCreate.parse({ title, tags: [isHasty ? 'hasty' : 'patient'] }), by());
  const { chain } = await untilSo(
    () => service.tasks.chain(task.id),
    (seen) => seen.chain.length > 0,
  );
  const [offer] = chain;
  if (offer === undefined) throw new Error('an offer was awaited');
  const untilExpiry = isHasty ? (offer.expiresAt?.getTime() ?? 0) - Date.now() : 0;
  const verbs = random.pick(VERBS);
  const shots = ACTORS.map((actor): Shot => {
    const delayMs = isHasty
      ? Math.max(0, untilExpiry + random.between(-EARLY_MS, LATE_MS))
      : random.between(0, MOST_JITTER_MS);
    return { actor, verb: random.pick(verbs), requestId: random.uuid(), delayMs };
  });
  const order = (shot: Shot) => fire(service, task.id, offer.id, spareId, shot);
  const fired = await Promise.all(
    shots.map(async (shot) => {
      await sleep(shot.delayMs);
      return { shot, answer: await order(shot) };
    }),
  );
  const hits = fired.filter(({ answer }) => answer === 'yes');
  const repeated = await Promise.all(hits.map(async ({ shot }) => ({ shot, answer: await order(shot) })));
  await finish(service, task.id);
  const ended = await service.tasks.chain(task.id);
  return {
    taskId: task.id,
    fired,
    repeated,
    chain: ended.chain,
    events: await service.tasks.events(task.id),
  };
}

async function fire(
  service: OwnDoors['service'],
  taskId: string,
  offerId: string,
  spareId: string,
  { actor, verb, requestId }: Shot,
): Promise<string> {
  const context = by(actor, requestId);
  const verbs = {
    accept: () => service.delegations.accept(offerId, null, context),
    reject: () =>
      service.delegations.reject(offerId, { reason: `${actor} has no time`, code: null, retryable: false }, context),
    reassign: () =>
      service.tasks.command(
        taskId,
        { kind: 'reassign', targetInstanceId: spareId, delegationType: 'reassign' },
        context,
      ),
    cancel: () => service.tasks.command(taskId, { kind: 'cancel', reason: null }, context),
  };
  try {
    await answerOf<unknown>(verbs[verb]);
    return 'yes';
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

/** What is still open is ended, so that nothing is left; whoever is asked next has no say in this race. */
async function finish(service: OwnDoors['service'], taskId: string): Promise<void> {
  const { status } = await untilSo(
    () => service.tasks.get(taskId),
    (task) => task.status !== 'routing',
  );
  const kind = { queued: 'complete', offered: 'cancel' } as const;
  if (status !== 'queued' && status !== 'offered') return;
  const context = by('umpire');
  await answerOf(() => service.tasks.command(taskId, { kind: kind[status] }, context));
}

/** Looks again, but not so often that the looks are what the machine is busy with. */
async function untilSo<Seen>(look: () => Promise<Seen>, holds: (seen: Seen) => boolean): Promise<Seen> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`still not so: ${JSON.stringify(seen)}`);
    await sleep(LOOK_EVERY_MS);
  }
}
