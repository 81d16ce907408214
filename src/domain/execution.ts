import type { Executor } from './executor.schema.ts';
import { queueOf, timesOf } from './executor.ts';
import type { JsonObject } from './json.ts';
import type { OpenLease } from './lease.ts';
import type { Priority, Task } from './task.ts';
import type { TaskSnapshot } from './task-snapshot.ts';

/** What a worker of Temporal's is given: plain JSON, the same in every language, and no token (rule U3). */
export interface ExecuteTaskInput {
  readonly task: PushedTask;
  /** Which try at the task it is, from 1. */
  readonly attempt: number;
  readonly leaseId: string;
}

/** A task as its worker sees it; times are ISO 8601. */
export interface PushedTask {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly priority: Priority;
  readonly estimatedDuration: number | null;
  readonly metadata: JsonObject;
  readonly requester: string | null;
  readonly externalRef: string | null;
  readonly dueAt: string | null;
  readonly notBefore: string | null;
  readonly parentTaskId: string | null;
  readonly instanceId: string;
  readonly entryInstanceId: string;
  readonly createdAt: string;
}

/** One run of the activity `executeTask`, as its workflow has to start it. */
export interface Execution {
  readonly leaseId: string;
  readonly workerId: string;
  readonly taskQueue: string;
  readonly startToCloseMs: number;
  readonly heartbeatMs: number;
  readonly scheduleToStartMs: number;
  readonly input: ExecuteTaskInput;
}

/** What came of the wish for a slot: the row as it now stands, and what is to be started. */
export type PushResult =
  | { readonly verdict: 'done'; readonly row: TaskSnapshot; readonly execution: Execution | null }
  | { readonly verdict: 'gone' };

/** How the work of a lease is handed to the workers that it names (rule U3). */
export function executionOf(task: Task, lease: OpenLease, executor: Executor | null): Execution {
  return {
    leaseId: lease.id,
    workerId: lease.workerId,
    taskQueue: queueOf(lease.workerId) ?? lease.workerId,
    startToCloseMs: lease.timeoutSeconds * 1_000,
    ...timesOf(executor),
    input: { task: pushed(task), attempt: lease.attempt, leaseId: lease.id },
  };
}

function pushed(task: Task): PushedTask {
  const { id, title, description, tags, priority, estimatedDuration, metadata, requester, externalRef } = task;
  const { parentTaskId, instanceId, entryInstanceId } = task;
  return {
    ...{ id, title, description, tags, priority, estimatedDuration, metadata, requester, externalRef },
    dueAt: task.dueAt?.toISOString() ?? null,
    notBefore: task.notBefore?.toISOString() ?? null,
    ...{ parentTaskId, instanceId, entryInstanceId },
    createdAt: task.createdAt.toISOString(),
  };
}
