import type { Transaction } from 'sequelize';
import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import { retriedFrom } from '../domain/retry.ts';
import { type Task, isFinal } from '../domain/task.ts';
import { askedEntry } from '../persistence/queries/asked-entry.query.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import type { Admitted } from './admit-task.ts';
import { contentHash } from './content-hash.ts';
import { entryOf } from './entry-instance.ts';
import type { Ports } from './ports.ts';

/** By which command a task is tried again, and under which id. */
export interface RetryAsk {
  readonly copyId: string;
  readonly actor: Actor;
  readonly commandId: string;
}

export type RetryTask = (taskId: string, ask: RetryAsk) => Promise<Admitted>;

/** Puts a copy of a task that has ended on record; the same command again gives the same copy (rule T7). */
export function createRetryTask(ports: Ports): RetryTask {
  const { database, repositories } = ports;
  return (taskId, ask) =>
    database.transaction(async (transaction) => {
      const locked = await repositories.tasks.lock(transaction, taskId, ask.commandId);
      if (locked === null) throw new DomainError('task_not_found', `no task ${taskId}`);
      if (locked.isKnownCommand) return { task: await copyAt(ports, transaction, ask.copyId), isNew: false };
      const { status } = locked.task;
      if (!isFinal(status))
        throw new DomainError('task_conflict', `task is ${status}: only a task that has ended is retried`);
      await submitCopy(ports, transaction, locked, ask);
      return { task: await copyAt(ports, transaction, ask.copyId), isNew: true };
    });
}

async function submitCopy(
  ports: Ports,
  transaction: Transaction,
  locked: LockedTask,
  { copyId, actor, commandId }: RetryAsk,
): Promise<void> {
  const { tasks } = ports.repositories;
  const retryOf = locked.task.id;
  const asked = await askedOf(ports, transaction, locked.task);
  const { id: entry } = await entryOf(ports, transaction, asked);
  const copy = { id: copyId, ...retriedFrom(locked.task, locked.now) };
  const submission = { retryOf, entryInstanceId: entry, submissionHash: contentHash({ retryOf, copyId }) };
  const inserted = await tasks.insert(transaction, { ...copy, ...submission }, actor, {
    step: 0,
    status: 'routing',
    instance_id: entry,
    entry_instance_id: entry,
    retry_of: retryOf,
    task: JSON.parse(JSON.stringify({ ...copy, instanceId: asked })) as Json,
  });
  if (inserted === null) throw new DomainError('task_exists', `task ${copyId} exists already`);
  const data = { retried_as: copyId };
  await tasks.appendEvent(transaction, locked, { type: 'task_retried', actor, commandId, data });
}

/** Where it was asked to enter, or null; a part enters where it did, because its parent is not asked again. */
function askedOf({ database }: Ports, transaction: Transaction, task: Task): Promise<string | null> {
  return task.parentTaskId === null
    ? askedEntry(database, transaction, task.id)
    : Promise.resolve(task.entryInstanceId);
}

async function copyAt({ repositories }: Ports, transaction: Transaction, copyId: string): Promise<Task> {
  const copy = await repositories.tasks.get(transaction, copyId);
  if (copy === null) throw new DomainError('task_exists', `task ${copyId} was deleted`);
  return copy;
}
