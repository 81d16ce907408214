import { type Answer, type Command, type CommandKind, DONE, refused } from './command.ts';
import { moveInstance } from './instance-rules.ts';
import { decompose, join } from './part-rules.ts';
import { decide, drain, releaseHeld } from './routing.ts';
import { accept, cancel, complete, escalate, fail, reassign, reject, reroute } from './task-rules.ts';
import { answer, byWorker, claimable, lease } from './work-rules.ts';
import { type Hop, type ModelTask, type Performed, type World, addTask, isOver } from './world.ts';

type Once = Performed['command'];

/** What Hopper did where the model allows more than one thing. */
export interface Choice {
  /** The number of the task that a claim got; null: none. */
  readonly claimed: number | null;
}

export interface Prediction {
  readonly answer: Answer;
  /** A "no" and a request that is known change nothing, and leave no event. */
  readonly leavesNoTrace: boolean;
}

/** Carries a command out in the model and says how Hopper has to answer; its numbers are absolute. */
export function predict(world: World, performed: Performed, choice: Choice): Prediction {
  const known = knownAnswer(world, performed);
  const answer = known ?? judge(world, performed, choice);
  performed.answer = answer;
  follow(world);
  return { answer, leavesNoTrace: known !== null || answer.kind !== 'done' };
}

/** Known by the state that they find, and not by their request. */
const WITHOUT_REQUEST: ReadonlySet<CommandKind> = new Set<CommandKind>([
  ...(['heartbeat', 'finish', 'fail_attempt', 'release', 'ask'] as const),
  ...(['start', 'stop', 'pause', 'resume', 'restart_worker'] as const),
]);

/** A request that was done is answered again, and nothing is done (law 3, rules T2, T7, W2); a "no" is not remembered (law 8). */
function knownAnswer(world: World, { command, answer: before, made }: Performed): Answer | null {
  if (before.kind !== 'done' || WITHOUT_REQUEST.has(command.kind)) return null;
  if (command.kind !== 'claim') return DONE;
  return made !== null && world.leases[made]?.outcome === null ? DONE : refused('lease_conflict');
}

/** What follows from a command, until everything is at rest. */
function follow(world: World): void {
  for (let before = ''; before !== JSON.stringify(world);) {
    before = JSON.stringify(world);
    join(world);
    drain(world);
    releaseHeld(world);
  }
}

function judge(world: World, performed: Performed, { claimed }: Choice): Answer {
  const { command } = performed;
  if ('task' in command) return judgeTask(world, performed, of(world.tasks, command.task), command);
  switch (command.kind) {
    case 'submit':
      return submit(world, performed, command);
    case 'claim':
      return claim(world, performed, command, claimed);
    case 'heartbeat':
    case 'finish':
    case 'fail_attempt':
    case 'release':
    case 'ask':
      return byWorker(world, of(world.leases, command.lease), command.kind);
    case 'start':
    case 'pause':
    case 'resume':
      return moveInstance(world, command.at, command.kind);
    case 'stop':
      return moveInstance(world, command.at, command.kind, command.force);
    case 'restart_worker':
      return DONE;
  }
}

function judgeTask(
  world: World,
  performed: Performed,
  task: ModelTask,
  command: Extract<Once, { readonly task: number }>,
): Answer {
  const hop = (no: number): Hop => of(task.chain, no);
  switch (command.kind) {
    case 'accept':
      return accept(world, task, hop(command.hop), command);
    case 'reject':
      return reject(world, task, hop(command.hop), command);
    case 'complete':
      return complete(world, task, command);
    case 'complete_hop':
      return complete(world, task, command, hop(command.hop));
    case 'fail':
      return fail(world, task, command);
    case 'cancel':
      return cancel(world, task, command);
    case 'escalate':
      return escalate(world, task);
    case 'reroute':
      return reroute(world, task, command);
    case 'reassign':
      return reassign(world, task, command);
    case 'retry':
      return retry(world, performed, task);
    case 'decompose':
      return decompose(world, task, command);
    case 'answer':
      return answer(world, task, command.by);
  }
}

type Of<Kind extends Command['kind']> = Extract<Once, { kind: Kind }>;

/** A task enters where an instance runs (rule T2). */
function submit(world: World, performed: Performed, { at, want, isComplex, priority }: Of<'submit'>): Answer {
  return enter(world, performed, { want, isComplex, priority, entry: at, parent: null, depth: 0 });
}

/** A copy enters where the first one was asked to (rule T7). */
function retry(world: World, performed: Performed, task: ModelTask): Answer {
  if (!isOver(task)) return refused('task_conflict', task.status);
  return enter(world, performed, { ...task, parent: null, depth: 0 });
}

function enter(world: World, performed: Performed, made: Parameters<typeof addTask>[1]): Answer {
  const { status } = world.places[made.entry];
  if (status !== 'running') return refused('entry_unavailable', status);
  const { want, isComplex, priority, entry, parent, depth } = made;
  const task = addTask(world, { want, isComplex, priority, entry, parent, depth });
  performed.made = task.no;
  decide(world, task);
  return DONE;
}

function claim(world: World, performed: Performed, { at, worker }: Of<'claim'>, claimed: number | null): Answer {
  const allowed = claimable(world, at);
  if ('kind' in allowed) return allowed;
  const task = allowed.find(({ no }) => no === claimed) ?? of(allowed, 0);
  performed.made = lease(world, task, worker);
  return DONE;
}

/** The one of this number; a number that names nothing is a fault of the test. */
export function of<Item>(items: readonly Item[], no: number): Item {
  const item = items[no];
  if (item === undefined) throw new TypeError(`nothing has the number ${String(no)}`);
  return item;
}
