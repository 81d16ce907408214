import type { Change, DelegationMove, NewDelegation } from '../../domain/change.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { TaskAggregate } from '../../domain/task-aggregate.ts';

/** What an event remembers of a change: enough to make the rows again (rule E2). */
export function changeRecord(change: Change, { task }: TaskAggregate, delegationId: string): JsonObject {
  return {
    step: task.step,
    status: task.status,
    instance_id: task.instanceId,
    ...attemptRecord(task),
    ...(task.blockedOn === null ? {} : { blocked_on: task.blockedOn }),
    ...(task.retryAt === null ? {} : { retry_at: task.retryAt.toISOString() }),
    ...(change.task.exclusions === undefined ? {} : { exclusions: task.exclusions.map((each) => ({ ...each })) }),
    ...(change.task.questions === undefined ? {} : { questions: task.questions.map((each) => ({ ...each })) }),
    ...(change.task.missedDueAt === undefined ? {} : { missed_due_at: change.task.missedDueAt.toISOString() }),
    ...(change.task.result === undefined ? {} : { result: task.result }),
    ...(change.task.failure === undefined ? {} : { failure: { ...change.task.failure } }),
    ...(change.task.finishedBy === undefined ? {} : { finished_by: change.task.finishedBy }),
    ...(change.moves.length === 0 ? {} : { moves: change.moves.map(moveRecord) }),
    ...(change.opened === null ? {} : { opened: openedRecord(change.opened, delegationId) }),
    ...change.detail,
  };
}

function attemptRecord({ queuedAt, availableAt, hopAttempts, totalAttempts }: TaskAggregate['task']): JsonObject {
  return {
    ...(queuedAt === null ? {} : { queued_at: queuedAt.toISOString() }),
    ...(availableAt === null ? {} : { available_at: availableAt.toISOString() }),
    ...(totalAttempts === 0 ? {} : { hop_attempts: hopAttempts, total_attempts: totalAttempts }),
  };
}

function moveRecord(move: DelegationMove): JsonObject {
  const optional: [string, Json | undefined][] = [
    ['decided_by', move.decidedBy],
    ['notes', move.notes],
    ['rejection_code', move.rejectionCode],
    ['retryable', move.retryable],
    ['result', move.result],
  ];
  const given = optional.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return { delegation_id: move.id, to: move.to, ...Object.fromEntries(given) };
}

function openedRecord(opened: NewDelegation, id: string): JsonObject {
  return {
    id,
    hop: opened.hop,
    source_instance_id: opened.sourceInstanceId,
    target_instance_id: opened.targetInstanceId,
    delegation_type: opened.delegationType,
    status: opened.status,
    expires_at: opened.expiresAt?.toISOString() ?? null,
    decided_by: opened.decidedBy,
    notes: opened.notes,
  };
}
