import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { DomainError } from '../../../../src/domain/errors.ts';
import type { TaskEvent } from '../../../../src/domain/task-event.ts';
import { rowId } from '../../../../src/use-cases/row-id.ts';
import { by } from '../../../support/hopper.ts';
import { type Hopper, onHopper } from '../ground/hopper.ts';
import { type OwnDoors, answerOf, throughOwnDoors } from '../ground/in-process.ts';
import { auditAtEnd } from '../ground/rest.ts';
import { shuffled } from '../load/shuffled.ts';
import { LOAD_TREE } from '../load/tree.ts';
import type { Random } from '../random.ts';
import { type Account, type Ground, type Scenario, bySize } from '../scenario.ts';

const TIMES = 5;
const LANES = 12;
const SETTLE_MS = 120_000;
const LOOK_EVERY_MS = 200;
const VERDICTS = ['delegation_accepted', 'delegation_rejected'];
const EFFECTS = { accept: 'delegation_accepted', reject: 'delegation_rejected', complete: 'task_completed' } as const;

type Verb = keyof typeof EFFECTS;

interface Signal {
  readonly name: string;
  /** null: it is no decision. */
  readonly verb: Verb | null;
  readonly args: readonly unknown[];
}

/** What Temporal took, by verb and by what it was about. */
interface Sent {
  readonly taskId: string;
  readonly offerId: string;
  readonly verbs: Verb[];
  unknown: number;
  tooLate: number;
}

/** Every signal comes five times, in any order, before the offer is there and after the task is over. */
export const signalsShuffled: Scenario = {
  name: 'signals-shuffled',
  promise:
    'signals that come five times, early, late and in any order come to one decision, and each that came to nothing is on record',
  run: (ground) =>
    onHopper(ground, { tree: LOAD_TREE }, (hopper) =>
      throughOwnDoors(hopper, (doors) => signalAll(ground, hopper, doors)),
    ),
};

async function signalAll(ground: Ground, hopper: Hopper, doors: OwnDoors): Promise<Account> {
  const wanted = bySize(ground, { short: 20, usual: 300, long: 3_000 });
  const tally = new Map<string, number>();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < wanted) {
      next += 1;
      ground.stopping.throwIfAborted();
      for (const [what, count] of Object.entries(await oneTask(doors, ground.random.fork(String(next)))))
        tally.set(what, (tally.get(what) ?? 0) + count);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { tasks: wanted, ...Object.fromEntries(tally), ...(await auditAtEnd(hopper, ground)) };
}

/** Starts a task with its first signal, as a program that knows Temporal alone may do, and sends it all the others. */
async function oneTask(doors: OwnDoors, random: Random): Promise<Readonly<Record<string, number>>> {
  const taskId = random.uuid();
  const offerId = rowId(taskId, 'decide/0', 'delegation'); // known before there is one
  const sent: Sent = { taskId, offerId, verbs: [], unknown: 0, tooLate: 0 };
  const [first, ...others] = shuffled(random, signalsOf(offerId, random.uuid()));
  if (first === undefined) throw new Error('there are signals');
  await doors.temporal.workflow.signalWithStart('taskWorkflow', {
    ...{ workflowId: `task/${taskId}`, taskQueue: 'hopper', signal: first.name, signalArgs: [...first.args] },
    args: [{ task: { id: taskId, title: `signals ${taskId}`, tags: ['manual'] } }],
  });
  note(sent, first);
  await Promise.all(others.map((signal) => send(doors, sent, signal)));
  await untilSettled(doors, taskId);
  for (const signal of shuffled(random, signalsOf(offerId, random.uuid()))) await send(doors, sent, signal);
  const { status } = await untilSettled(doors, taskId);
  const context = by('umpire');
  const completion = { kind: 'complete', result: 'umpire' } as const;
  if (status === 'queued') {
    // A completion of cleo's may still be on its way, and be first.
    const refused = await answerOf(() => doors.service.tasks.command(taskId, completion, context)).then(
      () => null,
      codeOf,
    );
    if (refused !== null && refused !== 'task_conflict') throw new Error(`the umpire was refused: ${refused}`);
  }
  for (const signal of signalsOf(offerId, random.uuid())) await send(doors, sent, signal);
  return judge(doors, sent);
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  throw error;
}

function signalsOf(delegationId: string, otherId: string): Signal[] {
  const people = { ana: { name: 'ana' }, ben: { name: 'ben' }, cleo: { name: 'cleo' }, dan: { name: 'dan' } };
  const each: Signal[] = [
    { name: 'acceptDelegation', verb: 'accept', args: [{ delegationId, by: people.ana }] },
    { name: 'rejectDelegation', verb: 'reject', args: [{ delegationId, by: people.ben, reason: 'no' }] },
    { name: 'completeTask', verb: 'complete', args: [{ delegationId, by: people.cleo, result: 'done' }] },
    { name: 'acceptDelegation', verb: null, args: [{ delegationId: otherId, by: people.dan }] },
    { name: 'reread', verb: null, args: [] },
  ];
  return each.flatMap((signal) => Array.from({ length: TIMES }, () => signal));
}

async function send({ temporal }: OwnDoors, sent: Sent, signal: Signal): Promise<void> {
  try {
    await temporal.workflow.getHandle(`task/${sent.taskId}`).signal(signal.name, ...signal.args);
    note(sent, signal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    sent.tooLate += 1;
  }
}

function note(sent: Sent, { name, verb }: Signal): void {
  if (verb !== null) sent.verbs.push(verb);
  else if (name !== 'reread') sent.unknown += 1;
}

/** At rest: over, or queued with everything answered that Temporal took so far. */
async function untilSettled({ service }: OwnDoors, taskId: string) {
  for (const deadline = Date.now() + SETTLE_MS; ;) {
    const task = await service.tasks.get(taskId).catch(() => null);
    if (task !== null && !['routing', 'offered'].includes(task.status)) return task;
    if (Date.now() > deadline) throw new Error(`task ${taskId} is still ${task?.status ?? 'not on record'}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** One decision of each kind at most; before it each signal was ignored on record, and after it none of the same was. */
async function judge({ service, temporal }: OwnDoors, sent: Sent): Promise<Readonly<Record<string, number>>> {
  await temporal.workflow.getHandle(`task/${sent.taskId}`).result();
  const [events, { chain }] = await Promise.all([service.tasks.events(sent.taskId), service.tasks.chain(sent.taskId)]);
  const wrong = (what: string): never => {
    throw new Error(`task ${sent.taskId}: ${what}\n${JSON.stringify({ sent, events, chain })}`);
  };
  const verdicts = events.filter(({ type }) => VERDICTS.includes(type));
  if (verdicts.length !== 1) wrong(`${String(verdicts.length)} decisions about one offer`);
  if (events.filter(({ type }) => type === 'task_completed').length !== 1) wrong('it is not completed once');
  const isAccepted = verdicts[0]?.type === 'delegation_accepted';
  const [offer, ...later] = chain.map(({ status }) => status);
  if (
    offer !== (isAccepted ? 'completed' : 'rejected') ||
    later.some((status) => status !== 'completed') ||
    isAccepted !== (later.length === 0)
  )
    wrong(`the chain is ${chain.map(({ status }) => status).join()}`);
  const ignored = events.filter(({ type }) => type === 'decision_ignored');
  const ofDan = ignored.filter(({ actor }) => actor.name === 'dan').length;
  if (ofDan !== sent.unknown)
    wrong(`${String(sent.unknown)} signals were about no offer, ${String(ofDan)} are on record`);
  for (const verb of Object.keys(EFFECTS) as Verb[]) {
    const problem = problemOf(verb, sent, events);
    if (problem !== null) wrong(`${verb}: ${problem}`);
  }
  const taken = sent.verbs.length + sent.unknown;
  return { signals: taken, ignored: ignored.length, 'after the end': sent.tooLate, accepted: isAccepted ? 1 : 0 };
}

function problemOf(verb: Verb, { verbs }: Sent, events: readonly TaskEvent[]): string | null {
  const by = { accept: 'ana', reject: 'ben', complete: 'cleo' }[verb];
  const sent = verbs.filter((each) => each === verb).length;
  const ignored = events.filter(({ type, actor }) => type === 'decision_ignored' && actor.name === by);
  const effect = events.find(({ type, actor }) => type === EFFECTS[verb] && actor.name === by);
  if (effect === undefined)
    return ignored.length === sent ? null : `${String(sent)} came to nothing, ${String(ignored.length)} are on record`;
  if (ignored.length >= sent) return 'more were ignored than can have been';
  return ignored.some(({ seq }) => seq > effect.seq) ? 'a repeat of what was done is on record as ignored' : null;
}
