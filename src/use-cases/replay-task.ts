import type { TaskEvent } from '../domain/task-event.ts';
import { type TaskStatus, isFinal } from '../domain/task.ts';

interface Told {
  readonly [key: string]: unknown;
}
type Row = Readonly<Record<string, unknown>>;
/** A task and its delegations, as rows. */
export interface Rows {
  readonly task: Row;
  readonly delegations: readonly Row[];
}

const timeOf = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);

/** Makes the rows of a task again from nothing but its events (rule E2). */
export function replayTask(events: readonly TaskEvent[]): Rows {
  return events.reduce<Rows>(
    (rows, event) => {
      if (event.type === 'task_submitted') return { task: submitted(event), delegations: firstHop(event) };
      if (event.type === 'task_updated') return { ...rows, task: patched(rows.task, event) };
      return 'step' in event.data ? stepped(rows, event) : rows;
    },
    { task: {}, delegations: [] },
  );
}

function submitted({ taskId, at, data }: TaskEvent): Row {
  const start = data['task'] as Told;
  return {
    id: taskId,
    title: start['title'],
    description: start['description'] ?? null,
    tags: start['tags'],
    priority: start['priority'],
    estimatedDuration: start['estimatedDuration'] ?? null,
    metadata: start['metadata'],
    requester: start['requester'] ?? null,
    externalRef: start['externalRef'] ?? null,
    dueAt: timeOf(start['dueAt']),
    notBefore: timeOf(start['notBefore']),
    missedDueAt: null,
    retryOf: data['retry_of'] ?? null,
    ...wholeOf(data['part'] as Told | undefined),
    join: null,
    status: data['status'],
    blockedOn: null,
    retryAt: null,
    queuedAt: null,
    availableAt: null,
    questions: [],
    hopAttempts: 0,
    totalAttempts: 0,
    entryInstanceId: data['entry_instance_id'],
    instanceId: data['instance_id'],
    step: data['step'],
    exclusions: [],
    result: null,
    failure: null,
    finishedBy: null,
    createdAt: at,
    updatedAt: at,
    finishedAt: null,
  };
}

/** Which task it is a part of, if it is one (rule J1). */
function wholeOf(part: Told | undefined): Row {
  const { parent_task_id: parentTaskId = null, key: partKey = null, depth: partDepth = 0 } = part ?? {};
  return { parentTaskId, partKey, partDepth };
}

/** A part is on record with its first hop. */
function firstHop({ taskId, at, data }: TaskEvent): Row[] {
  return 'opened' in data ? [opened(taskId, data['opened'] as Told, at)] : [];
}

function patched(task: Row, { at, data }: TaskEvent): Row {
  return {
    ...task,
    ...('priority' in data && { priority: data['priority'] }),
    ...('due_at' in data && { dueAt: timeOf(data['due_at']) }),
    ...('not_before' in data && { notBefore: timeOf(data['not_before']) }),
    updatedAt: at,
  };
}

function stepped({ task, delegations }: Rows, { taskId, at, data }: TaskEvent): Rows {
  const hasEnded = isFinal(data['status'] as TaskStatus);
  const moves = (data['moves'] ?? []) as unknown as readonly Told[];
  const moved = delegations.map((row) =>
    movedBy(
      row,
      moves.find((move) => move['delegation_id'] === row['id']),
      at,
    ),
  );
  return {
    task: {
      ...task,
      status: data['status'],
      instanceId: data['instance_id'],
      step: data['step'],
      blockedOn: data['blocked_on'] ?? null,
      retryAt: timeOf(data['retry_at']),
      queuedAt: timeOf(data['queued_at']),
      availableAt: timeOf(data['available_at']),
      hopAttempts: data['hop_attempts'] ?? 0,
      totalAttempts: data['total_attempts'] ?? 0,
      ...('join' in data && { join: data['join'] }),
      ...('questions' in data && { questions: data['questions'] }),
      ...('exclusions' in data && { exclusions: data['exclusions'] }),
      ...('missed_due_at' in data && { missedDueAt: timeOf(data['missed_due_at']) }),
      ...('result' in data && { result: data['result'] }),
      ...('failure' in data && { failure: data['failure'] }),
      ...('finished_by' in data && { finishedBy: data['finished_by'] }),
      updatedAt: at,
      finishedAt: hasEnded ? at : null,
    },
    delegations: 'opened' in data ? [...moved, opened(taskId, data['opened'] as Told, at)] : moved,
  };
}

function movedBy(row: Row, move: Told | undefined, at: Date): Row {
  if (move === undefined) return row;
  return {
    ...row,
    status: move['to'],
    ...('decided_by' in move && { decidedBy: move['decided_by'] }),
    ...('notes' in move && { notes: move['notes'] }),
    ...('rejection_code' in move && { rejectionCode: move['rejection_code'] }),
    ...('retryable' in move && { retryable: move['retryable'] }),
    ...('result' in move && { result: move['result'] }),
    ...(move['to'] === 'accepted' && { acceptedAt: at }),
    ...(move['to'] === 'completed' && { completedAt: at }),
  };
}

function opened(taskId: string, told: Told, at: Date): Row {
  return {
    id: told['id'],
    taskId,
    hop: told['hop'],
    sourceInstanceId: told['source_instance_id'],
    targetInstanceId: told['target_instance_id'],
    delegationType: told['delegation_type'],
    status: told['status'],
    delegatedAt: at,
    acceptedAt: told['status'] === 'pending' ? null : at,
    completedAt: told['status'] === 'completed' ? at : null,
    expiresAt: timeOf(told['expires_at']),
    decidedBy: told['decided_by'],
    rejectionCode: null,
    retryable: false,
    result: null,
    notes: told['notes'],
  };
}
