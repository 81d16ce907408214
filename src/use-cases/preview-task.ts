import type { Transaction } from 'sequelize';
import { HOPPER } from '../domain/actor.ts';
import { evolve } from '../domain/change.ts';
import { reroute } from '../domain/commands/move-task.ts';
import { DomainError } from '../domain/errors.ts';
import type { PreviewBody } from '../domain/route-preview.schema.ts';
import type { TaskAggregate } from '../domain/task-aggregate.ts';
import { type Task, isPostponed } from '../domain/task.ts';
import type { TaskCreate } from '../domain/task.schema.ts';
import { entryOf } from './entry-instance.ts';
import type { Ports } from './ports.ts';
import { rowId } from './row-id.ts';

/** The task that a preview is about, as it stands when the router first looks at it. */
export async function taskToPreview(
  ports: Ports,
  transaction: Transaction,
  { task, task_id: taskId, instance_id: instanceId }: PreviewBody,
  newId: string,
): Promise<TaskAggregate> {
  const now = await ports.repositories.tasks.now(transaction);
  if (task === undefined) return rerouted(ports, transaction, taskId ?? newId, now);
  const entry = await entryOf(ports, transaction, instanceId ?? task.instance_id ?? null);
  return { task: submitted(task, task.id ?? newId, entry.id, now), delegations: [], lease: null, parts: [], now };
}

function submitted(input: TaskCreate, id: string, entryInstanceId: string, now: Date): Task {
  return {
    id,
    title: input.title,
    description: input.description ?? null,
    tags: input.tags,
    priority: input.priority,
    estimatedDuration: input.estimated_duration ?? null,
    metadata: input.metadata,
    requester: input.requester ?? null,
    externalRef: input.external_ref ?? null,
    dueAt: timeOrNull(input.due_at),
    notBefore: timeOrNull(input.not_before),
    missedDueAt: null,
    parentTaskId: null,
    partKey: null,
    partDepth: 0,
    join: null,
    retryOf: null,
    status: 'routing',
    blockedOn: null,
    retryAt: null,
    entryInstanceId,
    instanceId: entryInstanceId,
    step: 0,
    queuedAt: null,
    availableAt: null,
    questions: [],
    hopAttempts: 0,
    totalAttempts: 0,
    exclusions: [],
    result: null,
    failure: null,
    finishedBy: null,
    createdAt: now,
    updatedAt: now,
    finishedAt: null,
  };
}

async function rerouted(ports: Ports, transaction: Transaction, id: string, now: Date): Promise<TaskAggregate> {
  const { tasks, delegations } = ports.repositories;
  const task = await tasks.get(transaction, id);
  if (task === null) throw new DomainError('task_not_found', `no task ${id}`);
  // Whoever has a lease is left out of account: the question is where the task would go, not who may move it.
  const aggregate = {
    task,
    delegations: await delegations.getDelegationsForTask(transaction, id),
    lease: null,
    parts: [],
    now,
  };
  if (task.status === 'routing' && !isPostponed(task)) return aggregate;
  const verdict = reroute(aggregate, HOPPER, { kind: 'reroute' });
  if (verdict.kind === 'conflict') throw new DomainError(verdict.code, verdict.detail);
  return verdict.kind === 'change' ? evolve(aggregate, verdict.change, rowId(id, 'preview', 'reroute')) : aggregate;
}

function timeOrNull(value: string | null | undefined): Date | null {
  return value === null || value === undefined ? null : new Date(value);
}
