import type { Task } from './task.ts';

/** What a copy takes over from the task that it tries again. */
export type Retried = Pick<
  Task,
  | 'title'
  | 'description'
  | 'tags'
  | 'priority'
  | 'estimatedDuration'
  | 'metadata'
  | 'requester'
  | 'externalRef'
  | 'dueAt'
  | 'notBefore'
>;

/** What was wanted, not what came of it; times only while they are still to come (rule T7). */
export function retriedFrom(task: Task, now: Date): Retried {
  return {
    title: task.title,
    description: task.description,
    tags: task.tags,
    priority: task.priority,
    estimatedDuration: task.estimatedDuration,
    metadata: task.metadata,
    requester: task.requester,
    externalRef: task.externalRef,
    dueAt: ifToCome(task.dueAt, now),
    notBefore: ifToCome(task.notBefore, now),
  };
}

function ifToCome(time: Date | null, now: Date): Date | null {
  return time !== null && time > now ? time : null;
}
