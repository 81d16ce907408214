import { type Answer, DONE, NOTHING, type Person, refused } from './command.ts';
import { climb, decide } from './routing.ts';
import { MOST_ATTEMPTS, type Place, TRAITS } from './tree.ts';
import { type ModelLease, type ModelTask, type World, become, end, hopFromAbove, openLeaseOf } from './world.ts';

export const QUESTION = 'which way?';
const URGENCY = ['urgent', 'high', 'medium', 'low'];

/**
 * The tasks of which a claim gets one: the most urgent, then the oldest (rule W1). There are several only where they came into
 * the queue by one and the same command. A "no" where nothing is handed out (rules W2 and W3).
 */
export function claimable(world: World, at: Place): readonly ModelTask[] | Answer {
  const { status } = world.places[at];
  if (at === 'global') return refused('instance_conflict', 'Global');
  if (status !== 'running') return refused('instance_conflict', status);
  const used = world.leases.filter((lease) => lease.at === at && lease.outcome === null).length;
  const queue = world.tasks.filter((task) => task.at === at && task.status === 'queued');
  if (queue.length === 0 || used >= TRAITS[at].slots) return NOTHING;
  const rankOf = ({ priority, queuedAt }: ModelTask): number => URGENCY.indexOf(priority) * 1_000 + (queuedAt ?? 0);
  const best = Math.min(...queue.map(rankOf));
  return queue.filter((task) => rankOf(task) === best);
}

/** One transaction: the task, a slot, the lease (rule W2). Answers the number of the lease. */
export function lease(world: World, task: ModelTask, worker: string): number {
  become(world, task, 'in_progress');
  return world.leases.push({ task: task.no, at: task.at, worker, outcome: null }) - 1;
}

/** What its worker does with a lease; one that has ended does nothing any more (rule W6). */
export function byWorker(
  world: World,
  held: ModelLease,
  kind: 'heartbeat' | 'finish' | 'fail_attempt' | 'release' | 'ask',
): Answer {
  const task = world.tasks[held.task];
  if (task === undefined) throw new TypeError('a lease without a task');
  if (held.outcome !== null) return held.outcome === REPEATABLE[kind] ? DONE : refused('lease_conflict');
  switch (kind) {
    case 'heartbeat':
      return DONE;
    case 'finish':
      end(world, task, 'completed', { by: held.worker, how: 'by worker', leaseEnds: 'completed' });
      return DONE;
    case 'fail_attempt':
      failAttempt(world, task, held);
      return DONE;
    case 'release':
      become(world, task, task.status === 'blocked' ? 'blocked' : 'queued', {
        blockedOn: task.blockedOn,
        leaseEnds: 'released',
      });
      return DONE;
    case 'ask':
      return ask(world, task);
  }
}

const REPEATABLE = {
  heartbeat: null,
  finish: 'completed',
  fail_attempt: 'failed',
  release: 'released',
  ask: null,
} as const;

/** Tried again here while retries are left; then it climbs or fails (rule W4). */
function failAttempt(world: World, task: ModelTask, { at, worker }: ModelLease): void {
  const { retries, exhausted } = TRAITS[at];
  task.totalAttempts += 1;
  const isLast = task.totalAttempts >= MOST_ATTEMPTS;
  if (task.hopAttempts < retries && !isLast) {
    task.hopAttempts += 1;
    become(world, task, 'queued', { leaseEnds: 'failed' });
    return;
  }
  const lease = openLeaseOf(world, task);
  if (lease !== undefined) lease.outcome = 'failed';
  if (exhausted === 'escalate' && !isLast && hopFromAbove(task) !== undefined) {
    climb(world, task, 'escalated');
    decide(world, task);
    return;
  }
  task.hopAttempts += 1;
  end(world, task, 'failed', { by: worker, how: 'by worker' });
}

/** Lease and slot stay; there is one open question at a time (rule W8). */
function ask(world: World, task: ModelTask): Answer {
  if (task.blockedOn === 'question') return DONE; // the same words
  task.questions.push({ text: QUESTION, answeredBy: null });
  become(world, task, 'blocked', { blockedOn: 'question' });
  return DONE;
}

/** Back to its worker, or to the queue where that has gone (rule W8). */
export function answer(world: World, task: ModelTask, by: Person): Answer {
  const last = task.questions.at(-1);
  if (last === undefined || task.blockedOn !== 'question')
    return last?.answeredBy === by ? DONE : refused('task_conflict', task.status);
  last.answeredBy = by;
  become(world, task, openLeaseOf(world, task) === undefined ? 'queued' : 'in_progress');
  return DONE;
}
