import { isDeepStrictEqual } from 'node:util';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Finding } from '../../src/domain/audit/finding.ts';
import { type TestHopper, by, eventually } from '../support/hopper.ts';
import type { Answer, Command, Sequence } from './command.ts';
import { type Look, differences, expectedLook, lastEvents, realLook } from './compare.ts';
import { of, predict } from './predict.ts';
import { type Real, type RealAnswer, idOf, patiently, perform, plantFor } from './real.ts';
import { isPossible, resolve } from './resolve.ts';
import { PLACES } from './tree.ts';
import { type Performed, type World, emptyWorld, isOver } from './world.ts';

/** A Hopper whose worker can be exchanged. */
export interface Subject {
  readonly hopper: TestHopper;
  readonly restartWorker: () => Promise<void>;
}

/** What is under way gets this long for each change, however busy the machine is; what is at rest is looked at once more. */
const UNDER_WAY_MS = 45_000;
const AT_REST_MS = 1_000;
const LONGEST_MS = 180_000;
const PAUSE_MS = 20;

/** A world with a tree of its own in Hopper. */
export async function begin(
  { hopper, restartWorker }: Subject,
  onUnroutable: World['onUnroutable'],
): Promise<{ world: World; real: Real }> {
  return { world: emptyWorld(onUnroutable), real: await plantFor(hopper, onUnroutable, restartWorker) };
}

/** Runs a saved sequence; commands that name what is not there are left out, as they were when it was found. */
export async function runSequence(
  subject: Subject,
  { onUnroutable, commands }: Omit<Sequence, 'about'>,
  tell: (command: Command, answer: Answer) => void = () => undefined,
): Promise<void> {
  const { world, real } = await begin(subject, onUnroutable);
  try {
    for (const command of commands) if (isPossible(world, command)) tell(command, await step(world, real, command));
    await finish(world, real);
  } finally {
    await leaveNothingOpen(world, real);
  }
}

/** One command, given to the model and to Hopper: the answers and then all rows have to agree. */
export async function step(world: World, real: Real, command: Command): Promise<Answer> {
  const performed = resolve(world, command);
  try {
    const before = await lastEvents(real);
    const answer = await perform(real, performed);
    const claimed = answer.kind === 'done' && answer.lease !== undefined ? answer.lease.task : null;
    const prediction = predict(world, performed, { claimed: claimed === null ? null : real.tasks.indexOf(claimed) });
    compareAnswers(prediction.answer, answer);
    await learn(world, real, performed, answer);
    await untilAgreed(world, real);
    if (prediction.leavesNoTrace && !isDeepStrictEqual(await lastEvents(real), before))
      throw new Error('it was to change nothing, and there are new events');
    return prediction.answer;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`after ${JSON.stringify(command)}:\n${words}`, { cause: error });
  }
}

function compareAnswers(expected: Answer, seen: RealAnswer): void {
  const isSame =
    expected.kind === 'refused' && seen.kind === 'refused'
      ? expected.code === seen.code && (expected.names === null || seen.words.includes(expected.names))
      : expected.kind === seen.kind;
  if (!isSame) throw new Error(`answer: ${JSON.stringify(expected)} by the model, ${JSON.stringify(seen)} by Hopper`);
}

/** The ids of what has come into being; a repeat has to name the same. */
async function learn(world: World, real: Real, { made }: Performed, answer: RealAnswer): Promise<void> {
  if (answer.kind === 'done' && answer.task !== undefined && made !== null) {
    real.tasks[made] ??= answer.task;
    if (real.tasks[made] !== answer.task) throw new Error(`the same request made another task`);
  }
  if (answer.kind === 'done' && answer.lease !== undefined && made !== null) {
    real.leases[made] ??= answer.lease;
    if (real.leases[made].id !== answer.lease.id) throw new Error(`the same request made another lease`);
  }
  const whole = world.tasks[real.tasks.length]?.parent ?? null;
  if (whole === null) return;
  const { items } = await patiently(() =>
    real.hopper.service.tasks.list({ parent_task_id: of(real.tasks, whole), limit: 50 }),
  );
  const inOrder = items.toSorted((a, b) => Number(a.partKey) - Number(b.partKey));
  real.tasks.push(...inOrder.map((part) => part.id));
}

/** Reads until the records stand as the model says, or stand still otherwise. */
async function untilAgreed(world: World, real: Real): Promise<void> {
  const expected = expectedLook(world);
  const until = Date.now() + LONGEST_MS;
  let last: Look | null = null;
  let since = Date.now();
  for (;;) {
    const seen = await realLook(real);
    const different = differences(expected, seen);
    if (different.length === 0) return;
    if (!isDeepStrictEqual(seen, last)) since = Date.now();
    last = seen;
    const patience = isUnderWay(world, seen) ? UNDER_WAY_MS : AT_REST_MS;
    if (Date.now() - since > patience || Date.now() > until) throw new Error(different.join('\n'));
    await wakeDrains(real, seen);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Something goes on by itself: a decision, a drain, the look at held tasks, the parts of a task. */
function isUnderWay(world: World, { places, tasks }: Look): boolean {
  const isDraining = Object.values(places).includes('stopping');
  const hasParts = world.tasks.some((task) => task.parent !== null);
  return (
    isDraining || hasParts || tasks.some(({ status }) => /^(routing|queued \(rests\)|blocked \(held\))$/.test(status))
  );
}

/** A drain rests for up to a minute; the same stop once more has it look at once, and changes nothing. */
async function wakeDrains(real: Real, { places }: Look): Promise<void> {
  for (const place of PLACES)
    if (places[place] === 'stopping')
      await patiently(() => real.hopper.service.instances.move(idOf(real, place), 'stop', by()));
}

/** What the audit finds of this sequence: nothing, as soon as the workflows of what is over have ended. */
async function audit({ hopper: { service }, places, tasks }: Real): Promise<void> {
  const isOurs = ({ taskId, instanceId }: Finding): boolean =>
    (taskId !== null && tasks.includes(taskId)) || (instanceId !== null && [...places.values()].includes(instanceId));
  await eventually(
    async () => (await service.audit.run()).findings.filter(isOurs),
    (findings) => findings.length === 0,
    LONGEST_MS,
  );
}

/** The end of a sequence: the audit finds nothing, neither with what is open nor once that is cancelled. */
export async function finish(world: World, real: Real): Promise<void> {
  await audit(real);
  await leaveNothingOpen(world, real);
  await audit(real);
  await workflowsHaveEnded(real);
}

/** The audit gives a workflow a minute; here each is asked until it has ended. A part that never began has none. */
async function workflowsHaveEnded({ hopper: { temporal }, tasks }: Real): Promise<void> {
  const statusOf = (id: string): Promise<string> =>
    temporal.workflow
      .getHandle(`task/${id}`)
      .describe()
      .then(({ status }) => status.name)
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return 'none';
        throw error;
      });
  const running = async (): Promise<string[]> => {
    const statuses = await Promise.all(tasks.map(statusOf));
    return statuses.flatMap((status, no) => (status === 'RUNNING' ? [`task ${String(no)}`] : []));
  };
  await eventually(running, (open) => open.length === 0, LONGEST_MS).catch((error: unknown) => {
    throw new Error('tasks are over, and their workflows are open', { cause: error });
  });
}

/** So that nothing of this sequence is at work beside the next. */
export async function leaveNothingOpen(world: World, { hopper, tasks }: Real): Promise<void> {
  const open = world.tasks.filter((task) => !isOver(task) && task.parent === null).flatMap(({ no }) => tasks[no] ?? []);
  await Promise.allSettled(
    open.map((id) => patiently(() => hopper.service.tasks.command(id, { kind: 'cancel' }, by()))),
  );
}
