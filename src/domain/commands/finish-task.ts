import { type Actor, HOPPER } from '../actor.ts';
import type { Change, DelegationMove } from '../change.ts';
import { isSameJson } from '../json.ts';
import { holderDelegation, pathOf, pendingOffer } from '../path.ts';
import { type Failure, HOP_LIMIT, isAtWork, isFinal } from '../task.ts';
import { type TaskAggregate, nextHop } from '../task-aggregate.ts';
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

/** Completion by the holder's delegation closes the live path from leaf to root (rules D6 and B5). */
export function complete(aggregate: TaskAggregate, actor: Actor, command: Complete): Verdict {
  const { task, delegations } = aggregate;
  const result = command.result ?? null;
  if (isFinal(task.status)) {
    const isRepeat =
      isEndedBy(task, 'completed', actor) && isSameJson(task.result, result) && isOnRecord(aggregate, command);
    return isRepeat ? DONE : taskConflict(task);
  }
  const conflict = finishingConflict(aggregate, command.delegationId ?? null);
  if (conflict !== null) return conflict;
  const leaf = holderDelegation(delegations);
  const moves = pathOf(delegations)
    .toReversed()
    .map((hop): DelegationMove =>
      hop.id === leaf?.id ? { id: hop.id, to: 'completed', result } : { id: hop.id, to: 'completed' },
    );
  const moved = { status: 'completed', result, finishedBy: actor.name } as const;
  return { kind: 'change', change: { type: 'task_completed', actor, task: moved, moves, opened: null, detail: {} } };
}

/** A failed task leaves its path; nothing bubbles. */
export function fail(aggregate: TaskAggregate, actor: Actor, command: Fail): Verdict {
  const { task } = aggregate;
  if (isFinal(task.status)) {
    return isEndedBy(task, 'failed', actor) && task.failure?.reason === command.reason ? DONE : taskConflict(task);
  }
  const conflict = finishingConflict(aggregate, command.delegationId ?? null);
  if (conflict !== null) return conflict;
  const failure = { code: 'failed', reason: command.reason };
  return { kind: 'change', change: abandoned(aggregate, actor, 'failed', failure) };
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

/** The end of a task that is not completed: its offer and its live path are cancelled. */
export function abandoned(
  { delegations }: TaskAggregate,
  actor: Actor,
  status: 'failed' | 'cancelled' | 'rejected',
  failure: Failure,
): Change {
  const offer = pendingOffer(delegations);
  const withdrawn: DelegationMove[] =
    offer === undefined ? [] : [{ id: offer.id, to: 'cancelled', decidedBy: actor.name }];
  const left = pathOf(delegations).toReversed();
  const moves = [...withdrawn, ...left.map((hop): DelegationMove => ({ id: hop.id, to: 'cancelled' }))];
  const task = { status, failure, finishedBy: actor.name };
  return { type: `task_${status}`, actor, task, moves, opened: null, detail: { reason: failure.reason } };
}

/** The end of a task that was handed over as often as it may be; null while it may go on (law 9). */
export function hopLimitReached(aggregate: TaskAggregate): Change | null {
  const hops = nextHop(aggregate.delegations);
  if (hops < HOP_LIMIT) return null;
  const failure = { code: 'hop_limit', reason: `handed over ${String(hops)} times, the limit` };
  return abandoned(aggregate, HOPPER, 'failed', failure);
}

function finishingConflict({ task, delegations }: TaskAggregate, delegationId: string | null): Conflict | null {
  const named = delegations.find((each) => each.id === delegationId);
  if (delegationId !== null && named === undefined) return unknownDelegation(delegationId);
  if (named !== undefined && named.status !== 'accepted') return delegationConflict(named);
  if (!isAtWork(task.status) || task.blockedOn === 'held') return taskConflict(task, ': nobody is at work on it');
  const leaf = holderDelegation(delegations);
  if (leaf === undefined || leaf.id === named?.id) return null;
  if (named === undefined) return taskConflict(task, `: name the holder's delegation, ${leaf.id}`);
  const detail = `delegation is accepted, but the task was handed on: its holder has delegation ${leaf.id}`;
  return { kind: 'conflict', code: 'delegation_conflict', detail };
}

function isOnRecord({ delegations }: TaskAggregate, { delegationId }: Complete): boolean {
  if (delegationId === undefined || delegationId === null) return true;
  return delegations.some((each) => each.id === delegationId && each.status === 'completed');
}
