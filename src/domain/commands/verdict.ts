import type { Actor } from '../actor.ts';
import type { Change } from '../change.ts';
import type { Delegation } from '../delegation.ts';
import type { ErrorCode } from '../errors.ts';
import { type Task, isFinal } from '../task.ts';

/** What a command comes to: an effect, nothing more to do (a repeat), or a "no" with its reason. */
export type Verdict = { readonly kind: 'change'; readonly change: Change } | { readonly kind: 'done' } | Conflict;

export interface Conflict {
  readonly kind: 'conflict';
  readonly code: Extract<
    ErrorCode,
    | 'task_conflict'
    | 'lease_conflict'
    | 'delegation_conflict'
    | 'delegation_not_found'
    | 'target_not_allowed'
    | 'instance_not_found'
  >;
  readonly detail: string;
}

export const DONE = { kind: 'done' } as const satisfies Verdict;

/** A "no" about a delegation: names its state and who decided. */
export function delegationConflict(delegation: Delegation): Conflict {
  const by = delegation.decidedBy === null ? '' : `, by ${delegation.decidedBy}`;
  return { kind: 'conflict', code: 'delegation_conflict', detail: `delegation is ${delegation.status}${by}` };
}

/** A "no" about a task: names its state and who ended it. */
export function taskConflict(task: Task, hint = ''): Conflict {
  const by = task.finishedBy === null ? '' : `, by ${task.finishedBy}`;
  const on = task.blockedOn === null ? '' : ` (${task.blockedOn})`;
  return { kind: 'conflict', code: 'task_conflict', detail: `task is ${task.status}${on}${by}${hint}` };
}

/** The answer for a delegation that this task does not have. */
export function unknownDelegation(delegationId: string): Conflict {
  return { kind: 'conflict', code: 'delegation_not_found', detail: `no delegation ${delegationId} of this task` };
}

/** A final task that the same actor brought to this end; whoever asks for it again gets the same answer. */
export function isEndedBy(task: Task, status: Task['status'], actor: Actor): boolean {
  return isFinal(task.status) && task.status === status && task.finishedBy === actor.name;
}
