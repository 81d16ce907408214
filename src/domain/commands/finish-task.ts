import type { Actor } from '../actor.ts';
import type { Change, DelegationMove } from '../change.ts';
import { type Json, type JsonObject, isSameJson } from '../json.ts';
import { holderDelegation, pathOf } from '../path.ts';
import { isAtWork, isFinal } from '../task.ts';
import { abandoned } from './ends.ts';
import type { WorkPolicy } from '../work-policy.ts';
import { exhausted } from './exhausted.ts';
import { leaseConflict } from './lease-rules.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import {
  type Conflict,
  DONE,
  type Verdict,
  delegationConflict,
  isEndedBy,
  taskConflict,
  unknownDelegation,
} from './verdict.ts';

type Complete = Extract<TaskCommand, { kind: 'complete' }>;
type Fail = Extract<TaskCommand, { kind: 'fail' }>;
type Cancel = Extract<TaskCommand, { kind: 'cancel' }>;
type Finishing = Pick<Complete, 'delegationId' | 'leaseId' | 'force'>;

/** Completion by the holder's delegation closes the live path from leaf to root (rules D6 and B5). */
export function complete(aggregate: TaskAggregate, actor: Actor, command: Complete): Verdict {
  const { task } = aggregate;
  const result = command.result ?? null;
  if (isFinal(task.status)) {
    const isRepeat =
      isEndedBy(task, 'completed', actor) && isSameJson(task.result, result) && isOnRecord(aggregate, command);
    return isRepeat ? DONE : taskConflict(task);
  }
  const conflict = finishingConflict(aggregate, actor, command);
  if (conflict !== null) return conflict;
  const leaseOutcome = isByLease(command) ? { leaseOutcome: 'completed' as const } : {};
  return {
    kind: 'change',
    change: { ...completion(aggregate, actor, result), ...leaseOutcome, detail: forced(command) },
  };
}

/** The change that completes a task: its live path is closed from leaf to root (rule B5). */
export function completion({ delegations }: TaskAggregate, actor: Actor, result: Json): Change {
  const leaf = holderDelegation(delegations);
  const moves = pathOf(delegations)
    .toReversed()
    .map((hop): DelegationMove =>
      hop.id === leaf?.id ? { id: hop.id, to: 'completed', result } : { id: hop.id, to: 'completed' },
    );
  const task = { status: 'completed', result, finishedBy: actor.name } as const;
  return { type: 'task_completed', actor, task, moves, opened: null, detail: {} };
}

/** A failed task leaves its path; nothing bubbles. A worker's failure ends the attempts at its instance (rule W4). */
export function fail(aggregate: TaskAggregate, actor: Actor, command: Fail, work: WorkPolicy): Verdict {
  const { task } = aggregate;
  if (isFinal(task.status)) {
    return isEndedBy(task, 'failed', actor) && task.failure?.reason === command.reason ? DONE : taskConflict(task);
  }
  const conflict = finishingConflict(aggregate, actor, command);
  if (conflict !== null) return conflict;
  if ((command.leaseId ?? null) !== null) {
    return { kind: 'change', change: exhausted(aggregate, actor, command.reason, work, 'failed') };
  }
  const failure = { code: 'failed', reason: command.reason };
  return {
    kind: 'change',
    change: {
      ...abandoned(aggregate, actor, 'failed', failure),
      detail: { reason: command.reason, ...forced(command) },
    },
  };
}

/** An open task can be cancelled in every state; against a completion the first in wins (rule T3). */
export function cancel(aggregate: TaskAggregate, actor: Actor, command: Cancel): Verdict {
  const { task } = aggregate;
  const failure = { code: 'cancelled', reason: command.reason ?? 'cancelled' };
  if (isFinal(task.status)) {
    const isRepeat = isEndedBy(task, 'cancelled', actor) && task.failure?.reason === failure.reason;
    return isRepeat ? DONE : taskConflict(task);
  }
  return { kind: 'change', change: abandoned(aggregate, actor, 'cancelled', failure) };
}

/** Who may not finish a task, or split it, and why. */
export function finishingConflict(aggregate: TaskAggregate, actor: Actor, command: Finishing): Conflict | null {
  const { task, delegations } = aggregate;
  const delegationId = command.delegationId ?? null;
  const named = delegations.find((each) => each.id === delegationId);
  if (delegationId !== null && named === undefined) return unknownDelegation(delegationId);
  if (named !== undefined && named.status !== 'accepted') return delegationConflict(named);
  if (!isAtWork(task.status) || task.blockedOn === 'held') return taskConflict(task, ': nobody is at work on it');
  const conflict = leaseConflict(aggregate, actor, command);
  if (conflict !== null) return conflict;
  if (isByLease(command) || (command.force === true && named === undefined)) return null;
  const leaf = holderDelegation(delegations);
  if (leaf === undefined || leaf.id === named?.id) return null;
  if (named === undefined) return taskConflict(task, `: name the holder's delegation, ${leaf.id}`);
  const detail = `delegation is accepted, but the task was handed on: its holder has delegation ${leaf.id}`;
  return { kind: 'conflict', code: 'delegation_conflict', detail };
}

function isByLease({ leaseId }: Finishing): boolean {
  return (leaseId ?? null) !== null;
}

function forced({ force }: Complete | Fail): JsonObject {
  return force === true ? { forced: true } : {};
}

function isOnRecord({ delegations }: TaskAggregate, { delegationId }: Complete): boolean {
  if (delegationId === undefined || delegationId === null) return true;
  return delegations.some((each) => each.id === delegationId && each.status === 'completed');
}
