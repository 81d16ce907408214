import type { Actor } from '../actor.ts';
import { assertNever } from '../assert-never.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import { decompose } from './decompose.ts';
import { accept, expire, reject } from './decide-offer.ts';
import type { WorkPolicy } from '../work-policy.ts';
import { endAttempt } from './end-attempt.ts';
import { lapse } from './exhausted.ts';
import { cancel, complete, fail } from './finish-task.ts';
import { leave } from './leave-instance.ts';
import { overdue } from './miss-due.ts';
import { type NamedTarget, escalate, reassign, reroute } from './move-task.ts';
import type { Verdict } from './verdict.ts';

/** Judges a command by the task as it stands; the only place where "may this be done now?" is answered. */
export function judge(
  aggregate: TaskAggregate,
  actor: Actor,
  command: TaskCommand,
  target: NamedTarget | null,
  work: WorkPolicy,
): Verdict {
  switch (command.kind) {
    case 'accept':
      return accept(aggregate, actor, command, target);
    case 'reject':
      return reject(aggregate, actor, command);
    case 'expire':
      return expire(aggregate, actor, command);
    case 'complete':
      return complete(aggregate, actor, command);
    case 'fail':
      return fail(aggregate, actor, command, work);
    case 'decompose':
      return decompose(aggregate, actor, command);
    case 'cancel':
      return cancel(aggregate, actor, command);
    case 'escalate':
      return escalate(aggregate, actor, command);
    case 'reroute':
      return reroute(aggregate, actor, command);
    case 'reassign':
      return reassign(aggregate, actor, command, target);
    case 'lapse':
      return lapse(aggregate, command, work);
    case 'overdue':
      return overdue(aggregate, command, work);
    case 'end_attempt':
      return endAttempt(aggregate, actor, command, work);
    case 'leave':
      return leave(aggregate, actor, command, target);
    default:
      return assertNever(command);
  }
}
