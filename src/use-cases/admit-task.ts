import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import type { Task } from '../domain/task.ts';
import type { TaskStart } from '../domain/task.schema.ts';
import { contentHash } from './content-hash.ts';
import { entryOf } from './entry-instance.ts';
import type { Ports } from './ports.ts';

export interface Admitted {
  readonly task: Task;
  readonly isNew: boolean;
}

export type AdmitTask = (start: TaskStart, actor: Actor) => Promise<Admitted>;

/** Puts a task on record, once: the same task again gives the same row, another body under its id is refused (rule T2). */
export function createAdmitTask(ports: Ports): AdmitTask {
  const { tasks } = ports.repositories;
  return async (start, actor) => {
    const submissionHash = hashOf(start);
    const insert = async (): Promise<Task | null> => {
      const entryInstanceId = (await entryOf(ports, null, start.instanceId ?? null)).id;
      return tasks.insert(null, { ...toInsert(start), entryInstanceId, submissionHash }, actor, {
        step: 0,
        status: 'routing',
        instance_id: entryInstanceId,
        entry_instance_id: entryInstanceId,
        task: JSON.parse(JSON.stringify(start)) as Json,
      });
    };
    const fresh = await insert().catch(async (error: unknown) => {
      if (!(error instanceof DomainError) || !(await isOnRecord(ports, start.id))) throw error;
      return null; // where it would enter today does not matter to a task that entered before
    });
    if (fresh !== null) return { task: fresh, isNew: true };
    if (await tasks.wasDeleted(start.id)) throw new DomainError('task_exists', `task ${start.id} was deleted`);
    const known = await knownTask(ports, start.id, submissionHash);
    if (known === null) throw new DomainError('task_not_found', `task ${start.id} was deleted while it was submitted`);
    return { task: known, isNew: false };
  };
}

async function isOnRecord({ repositories: { tasks } }: Ports, id: string): Promise<boolean> {
  return (await tasks.submissionHash(null, id)) !== null || tasks.wasDeleted(id);
}

async function knownTask({ repositories }: Ports, id: string, submissionHash: string): Promise<Task | null> {
  const known = await repositories.tasks.submissionHash(null, id);
  if (known === null) return null;
  if (known !== submissionHash) throw new DomainError('task_exists', `task ${id} exists already, with another content`);
  return repositories.tasks.get(null, id);
}

function toInsert(start: TaskStart) {
  return {
    id: start.id,
    title: start.title,
    description: start.description ?? null,
    tags: start.tags,
    priority: start.priority,
    estimatedDuration: start.estimatedDuration ?? null,
    metadata: start.metadata,
    requester: start.requester ?? null,
    externalRef: start.externalRef ?? null,
    dueAt: timeOrNull(start.dueAt),
    notBefore: timeOrNull(start.notBefore),
  };
}

function timeOrNull(value: string | null | undefined): Date | null {
  return value === null || value === undefined ? null : new Date(value);
}

function hashOf(start: TaskStart): string {
  const { dueAt, notBefore, ...rest } = toInsert(start);
  const body = { ...rest, dueAt: dueAt?.getTime() ?? null, notBefore: notBefore?.getTime() ?? null };
  return contentHash({ ...body, instanceId: start.instanceId ?? null });
}
