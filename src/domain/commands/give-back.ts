import { type Actor, HOPPER } from '../actor.ts';
import type { Change } from '../change.ts';
import { isLapsed } from '../lease.ts';
import type { Task } from '../task.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import { type WorkPolicy, hasRetriesLeft, restSeconds } from '../work-policy.ts';
import { leaseConflict } from './lease-rules.ts';
import { DONE, type Conflict } from './verdict.ts';

/** How a task comes back to its queue: the change, nothing to do, a "no", or that its attempts here are used up. */
export type GivenBack =
  { readonly kind: 'change'; readonly change: Change } | typeof DONE | Conflict | { readonly kind: 'exhausted' };

/** A worker gives a task back untried: it is queued in its old place, and nothing is counted (rule W4). */
export function release(aggregate: TaskAggregate, actor: Actor, leaseId: string, reason: string | null): GivenBack {
  const conflict = leaseConflict(aggregate, actor, { leaseId });
  if (conflict !== null) return conflict;
  return {
    kind: 'change',
    change: whereItWas(aggregate.task, queuedAgain(actor, 'task_released', 'released', reason)),
  };
}

/** A worker's attempt failed: tried again after a rest, while retries are left (rule W4). */
export function failAttempt(
  aggregate: TaskAggregate,
  actor: Actor,
  leaseId: string,
  reason: string,
  work: WorkPolicy,
): GivenBack {
  const conflict = leaseConflict(aggregate, actor, { leaseId });
  if (conflict !== null) return conflict;
  if (!hasRetriesLeft(aggregate.task, work)) return { kind: 'exhausted' };
  return { kind: 'change', change: triedAgain(aggregate, actor, 'attempt_failed', 'failed', reason, work) };
}

/** A worker was not heard for too long: a failed attempt, unless it waits for an answer (rule W5). */
export function expireLease(aggregate: TaskAggregate, leaseId: string, work: WorkPolicy): GivenBack {
  const { lease, task, now } = aggregate;
  if (lease?.id !== leaseId || !isLapsed(lease, now)) return DONE;
  const reason = `${lease.workerId} was not heard for ${String(lease.timeoutSeconds)} s`;
  if (task.status === 'blocked') {
    return { kind: 'change', change: whereItWas(task, queuedAgain(HOPPER, 'attempt_expired', 'expired', reason)) };
  }
  if (!hasRetriesLeft(task, work)) return { kind: 'exhausted' };
  return { kind: 'change', change: triedAgain(aggregate, HOPPER, 'attempt_expired', 'expired', reason, work) };
}

/** A question stays open when its worker goes: the answer is for the next one. */
function whereItWas({ status, blockedOn }: Task, change: Change): Change {
  return status === 'blocked' ? { ...change, task: { status, blockedOn } } : change;
}

/** A failed attempt that is followed by another one here, after a rest that doubles (rule W4). */
export function triedAgain(
  { task, now }: TaskAggregate,
  actor: Actor,
  type: 'attempt_failed' | 'attempt_expired',
  outcome: 'failed' | 'expired',
  reason: string,
  work: WorkPolicy,
): Change {
  const availableAt = new Date(now.getTime() + restSeconds(task, work) * 1_000);
  const again = queuedAgain(actor, type, outcome, reason);
  return { ...again, task: { status: 'queued', availableAt }, countsAttempt: true };
}

/** Back in its old place in the queue; this is no step of the workflow (rule W7). */
export function queuedAgain(
  actor: Actor,
  type: 'task_released' | 'attempt_failed' | 'attempt_expired',
  leaseOutcome: 'released' | 'failed' | 'expired',
  reason: string | null,
): Change {
  return {
    type,
    actor,
    task: { status: 'queued' },
    moves: [],
    opened: null,
    leaseOutcome,
    keepsStep: true,
    detail: reason === null ? {} : { reason },
  };
}
