import { HOPPER } from '../actor.ts';
import { assertNever } from '../assert-never.ts';
import type { Change } from '../change.ts';
import { hasMissedDue, isPastDue } from '../task.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import type { WorkPolicy } from '../work-policy.ts';
import { abandoned } from './ends.ts';
import { escalate } from './move-task.ts';
import { DONE, type Verdict } from './verdict.ts';

type Overdue = Extract<TaskCommand, { kind: 'overdue' }>;

/** A due time that has passed is on record once; then comes what the policy of the holder says (rule T6). */
export function overdue(aggregate: TaskAggregate, { dueAt }: Overdue, work: WorkPolicy): Verdict {
  const { task, now } = aggregate;
  if (task.dueAt?.toISOString() !== dueAt || !isPastDue(task, now) || hasMissedDue(task)) return DONE;
  const { then, followedBy, because } = consequence(aggregate, dueAt, work);
  const { status, blockedOn, retryAt, availableAt } = task;
  const change: Change = {
    type: 'due_missed',
    actor: HOPPER,
    task: { status, blockedOn, retryAt, availableAt, missedDueAt: task.dueAt },
    moves: [],
    opened: null,
    ...(followedBy !== undefined && { followedBy }),
    detail: { due_at: dueAt, then, ...(because !== undefined && { because }) },
  };
  return { kind: 'change', change };
}

interface Consequence {
  readonly then: WorkPolicy['onDueMissed'];
  readonly followedBy?: Change;
  /** Why the policy could not be followed. */
  readonly because?: string;
}

/** An escalation that nobody could ask for now is left out, and why; it is not made up for later. */
function consequence(aggregate: TaskAggregate, dueAt: string, { onDueMissed }: WorkPolicy): Consequence {
  const reason = `it was due at ${dueAt}`;
  switch (onDueMissed) {
    case 'none':
      return { then: 'none' };
    case 'cancel':
      return {
        then: 'cancel',
        followedBy: abandoned(aggregate, HOPPER, 'cancelled', { code: 'due_missed', reason }),
      };
    case 'escalate': {
      const verdict = escalate(aggregate, HOPPER, { kind: 'escalate', reason });
      if (verdict.kind === 'change') return { then: 'escalate', followedBy: verdict.change };
      return { then: 'none', because: verdict.detail };
    }
    default:
      return assertNever(onDueMissed);
  }
}
