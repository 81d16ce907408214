import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import type { Task } from '../domain/task.ts';
import type { TaskStart } from '../domain/task.schema.ts';
import type { Ports } from './ports.ts';

export interface Admitted {
  readonly task: Task;
  readonly isNew: boolean;
}

export type AdmitTask = (start: TaskStart, actor: Actor) => Promise<Admitted>;

/** Puts a task on record, once: the same task again gives the same row, another body under its id is refused (rule T2). */
export function createAdmitTask(ports: Ports): AdmitTask {
  const { database, repositories } = ports;
  return async (start, actor) => {
    const submissionHash = hashOf(start);
    const known = await knownTask(ports, start.id, submissionHash);
    if (known !== null) return { task: known, isNew: false };
    if (await repositories.tasks.wasDeleted(start.id))
      throw new DomainError('task_exists', `task ${start.id} was deleted`);
    const entryInstanceId = await entryOf(ports, start.instanceId ?? null);
    const isNew = await database.transaction((transaction) =>
      repositories.tasks.insert(transaction, { ...toInsert(start), entryInstanceId, submissionHash }, actor, {
        step: 0,
        status: 'routing',
        instance_id: entryInstanceId,
        entry_instance_id: entryInstanceId,
        task: JSON.parse(JSON.stringify(start)) as Json,
      }),
    );
    const task = await knownTask(ports, start.id, submissionHash);
    if (task === null) throw new DomainError('task_not_found', `task ${start.id} was deleted while it was submitted`);
    return { task, isNew };
  };
}

async function knownTask({ repositories }: Ports, id: string, submissionHash: string): Promise<Task | null> {
  const known = await repositories.tasks.submissionHash(null, id);
  if (known === null) return null;
  if (known !== submissionHash) throw new DomainError('task_exists', `task ${id} exists already, with another content`);
  return repositories.tasks.get(null, id);
}

async function entryOf({ repositories }: Ports, instanceId: string | null): Promise<string> {
  if (instanceId !== null) {
    const instance = await repositories.instances.get(null, instanceId);
    if (instance === null) throw unavailable(`instance_id ${instanceId} names no instance`);
    if (instance.status !== 'running')
      throw unavailable(`${instance.name} is ${instance.status}: start it, or name another`);
    return instance.id;
  }
  const [only, ...others] = await repositories.instances.runningGlobals(null);
  if (only === undefined) throw unavailable('no Global is running: create and start one, or name an instance_id');
  if (others.length > 0) throw unavailable('more than one Global is running: name an instance_id');
  return only.id;
}

function unavailable(detail: string): DomainError {
  return new DomainError('entry_unavailable', detail, { problems: [{ path: 'instance_id', message: detail }] });
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
  return createHash('sha256')
    .update(canonical({ ...body, instanceId: start.instanceId ?? null }))
    .digest('hex');
}

function canonical(value: Json): string {
  const sorted = (_key: string, member: unknown): unknown =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  return JSON.stringify(value, sorted);
}
