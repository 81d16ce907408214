import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Task, isFinal } from '../domain/task.ts';
import type { TaskPatch } from '../domain/task.schema.ts';
import type { Ports } from './ports.ts';

export type PatchTask = (taskId: string, patch: TaskPatch, actor: Actor, commandId: string) => Promise<Task>;

/** Changes what of an open task may be changed at any time; repeated under the same command id it changes nothing more. */
export function createPatchTask({ database, repositories }: Ports): PatchTask {
  return (taskId, patch, actor, commandId) =>
    database.transaction(async (transaction) => {
      const locked = await repositories.tasks.lock(transaction, taskId, commandId);
      if (locked === null) throw new DomainError('task_not_found', `no task ${taskId}`);
      if (locked.isKnownCommand) return locked.task;
      if (isFinal(locked.task.status))
        throw new DomainError('task_conflict', `task is ${locked.task.status}: it cannot be changed`);
      return repositories.tasks.patch(transaction, locked, patch, {
        type: 'task_updated',
        actor,
        commandId,
        data: JSON.parse(JSON.stringify(patch)) as JsonObject,
      });
    });
}
