import type { Actor } from '../../domain/actor.ts';
import type { Change, DelegationMove } from '../../domain/change.ts';
import type { Delegation } from '../../domain/delegation.ts';
import { type LoadChange, loadChanges } from '../../domain/instance-load.ts';
import { leaseEndOf } from '../../domain/lease.ts';
import type { TaskAggregate } from '../../domain/task-aggregate.ts';
import { TASK_STATUSES, type TaskStatus, canTaskMove } from '../../domain/task.ts';
import type { Prepared } from '../prepared.ts';
import { changeRecord } from './change-record.ts';
import { type DecisionToCreate, decisionValues } from './decision.repository.ts';
import { movesValue } from './delegation-statements.ts';
import { type WriteShape, writeStatement } from './write-statement.ts';

/** A change as it is written: from what, to what, under which command. */
export interface ChangeInHand {
  readonly before: TaskAggregate;
  readonly after: TaskAggregate;
  readonly change: Change;
  readonly commandId: string;
  readonly delegationId: string;
  readonly decision: DecisionToCreate | null;
}

/** What moves before a change is written, and the one statement that writes the rest. */
export interface WriteOfChange {
  /** Only one delegation of a task may be pending: where one is opened, the others move first. */
  readonly movesBefore: readonly DelegationMove[];
  readonly movesWithIt: readonly DelegationMove[];
  readonly statement: Prepared;
  readonly values: readonly unknown[];
}

export function writeOf({ before, after, change, commandId, delegationId, decision }: ChangeInHand): WriteOfChange {
  const { task, now } = after;
  const opened = after.delegations[before.delegations.length];
  const ended = leaseEndOf(before.lease, change);
  const loads = loadChanges(before, after);
  const [movesBefore, movesWithIt] = opened === undefined ? [[], change.moves] : [change.moves, []];
  const shape: WriteShape = {
    endsLease: ended !== null,
    moves: movesWithIt.length > 0,
    opens: opened !== undefined,
    decides: decision !== null,
    addsToLoads: loads.length > 0,
  };
  const values = [
    ...[task.id, before.task.step, task.status, task.instanceId, task.blockedOn],
    ...[JSON.stringify(task.exclusions), jsonOrNull(task.result), jsonOrNull(task.failure)],
    ...[task.finishedBy, task.finishedAt, now, statusesBefore(before, after, change)],
    ...[change.type, actorJson(change.actor), commandId, JSON.stringify(changeRecord(change, after, delegationId))],
    ...[task.retryAt, task.step, task.queuedAt, task.availableAt, task.hopAttempts, task.totalAttempts],
    ...[JSON.stringify(task.questions), task.join, task.missedDueAt],
    ...(ended === null ? [] : [ended.id, ended.outcome, ended.reason]),
    ...(shape.moves ? [movesValue(movesWithIt)] : []),
    ...(opened === undefined ? [] : openedValues(opened)),
    ...(decision === null ? [] : decisionValues(decision)),
    ...(shape.addsToLoads ? loadValues(loads) : []),
  ];
  return { movesBefore, movesWithIt, statement: writeStatement(shape), values };
}

/** The statuses from which the task may come to where it goes. */
function statusesBefore(
  { task: from }: TaskAggregate,
  { task: to }: TaskAggregate,
  change: Change,
): readonly TaskStatus[] {
  const isAside = change.keepsStep === true || change.type === 'due_missed';
  const staysSo = isAside && from.status === to.status;
  return TASK_STATUSES.filter((status) => canTaskMove(status, to.status) || (staysSo && status === to.status));
}

function openedValues(opened: Delegation): readonly unknown[] {
  const { id, taskId, hop, sourceInstanceId, targetInstanceId, delegationType, status } = opened;
  const { delegatedAt, acceptedAt, completedAt, expiresAt, decidedBy, notes } = opened;
  const who = [id, taskId, hop, sourceInstanceId, targetInstanceId, delegationType, status];
  return [...who, delegatedAt, acceptedAt, completedAt, expiresAt, decidedBy, notes];
}

function loadValues(loads: readonly LoadChange[]): readonly unknown[] {
  return (['instanceId', 'busy', 'direct', 'offeredAt'] as const).map((key) => loads.map((each) => each[key]));
}

export function actorJson({ name, role }: Actor): string {
  return JSON.stringify({ name, role });
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
