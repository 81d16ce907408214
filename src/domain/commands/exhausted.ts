import { type Actor, HOPPER } from '../actor.ts';
import type { Change } from '../change.ts';
import { type LeaseOutcome, isLapsed } from '../lease.ts';
import { hopFromAbove } from '../path.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import type { WorkPolicy } from '../work-policy.ts';
import { abandoned } from './ends.ts';
import { climbed } from './move-task.ts';
import { DONE, type Verdict } from './verdict.ts';

type Lapse = Extract<TaskCommand, { kind: 'lapse' }>;

/**
 * What becomes of a task whose attempts at its holder are used up: it climbs to the instance above, or fails where
 * nobody is above, the policy says so, or `max_total_attempts` is reached (rule W4).
 */
export function exhausted(
  aggregate: TaskAggregate,
  actor: Actor,
  reason: string,
  work: WorkPolicy,
  leaseOutcome: LeaseOutcome,
): Change {
  const { task, delegations } = aggregate;
  const attempts = task.totalAttempts + 1;
  const isLast = attempts >= work.maxTotalAttempts;
  const canClimb = work.onExhausted === 'escalate' && !isLast && hopFromAbove(delegations) !== undefined;
  const words = `${reason} (attempt ${String(attempts)} of ${String(work.maxTotalAttempts)})`;
  const change = canClimb
    ? climbed(aggregate, actor, `no attempts left here: ${reason}`)
    : abandoned(aggregate, actor, 'failed', { code: isLast ? 'too_many_attempts' : 'failed', reason: words });
  return { ...change, leaseOutcome, countsAttempt: true };
}

/** A lease that is past its time and has no retries left; any other is left alone (rule W5). */
export function lapse(aggregate: TaskAggregate, command: Lapse, work: WorkPolicy): Verdict {
  const { lease, now } = aggregate;
  if (lease?.id !== command.leaseId || !isLapsed(lease, now)) return DONE;
  const reason = `${lease.workerId} was not heard for ${String(lease.timeoutSeconds)} s`;
  return { kind: 'change', change: exhausted(aggregate, HOPPER, reason, work, 'expired') };
}
