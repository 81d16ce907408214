import type { Actor } from '../actor.ts';
import { assertNever } from '../assert-never.ts';
import type { Change } from '../change.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import { type WorkPolicy, hasRetriesLeft } from '../work-policy.ts';
import { abandoned } from './ends.ts';
import { exhausted } from './exhausted.ts';
import { queuedAgain, triedAgain } from './give-back.ts';
import { DONE, type Verdict } from './verdict.ts';

type EndAttempt = Extract<TaskCommand, { kind: 'end_attempt' }>;

/** An attempt of a worker of Temporal's is over without a result; a lease that has ended already is left alone (rule U4). */
export function endAttempt(aggregate: TaskAggregate, actor: Actor, command: EndAttempt, work: WorkPolicy): Verdict {
  if (aggregate.lease?.id !== command.leaseId) return DONE;
  return { kind: 'change', change: changeOf(aggregate, actor, command, work) };
}

function changeOf(aggregate: TaskAggregate, actor: Actor, { outcome, reason }: EndAttempt, work: WorkPolicy): Change {
  switch (outcome) {
    case 'untried':
      return rested(aggregate, actor, reason, work);
    case 'hopeless': {
      const end = abandoned(aggregate, actor, 'failed', { code: 'failed', reason });
      return { ...end, leaseOutcome: 'failed', countsAttempt: true };
    }
    case 'failed':
    case 'expired':
      return hasRetriesLeft(aggregate.task, work)
        ? triedAgain(aggregate, actor, `attempt_${outcome}`, outcome, reason, work)
        : exhausted(aggregate, actor, reason, work, outcome);
    default:
      return assertNever(outcome);
  }
}

/** Nobody took it in time: nothing is counted, but it rests, so that an instance without workers does not spin (rule U5). */
function rested({ now }: TaskAggregate, actor: Actor, reason: string, { retryDelaySeconds }: WorkPolicy): Change {
  const availableAt = new Date(now.getTime() + retryDelaySeconds * 1_000);
  return { ...queuedAgain(actor, 'task_released', 'released', reason), task: { status: 'queued', availableAt } };
}
