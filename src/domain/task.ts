import type { Json, JsonObject } from './json.ts';
import type { Join } from './parts/part.ts';

export const PRIORITIES = ['urgent', 'high', 'medium', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const TASK_STATUSES = [
  'routing',
  'offered',
  'queued',
  'in_progress',
  'waiting',
  'blocked',
  'completed',
  'failed',
  'rejected',
  'cancelled',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** An instance that this task is not offered to now, and why; `stopped` excludes nobody (rules R3 and I4). */
export type Exclusion =
  { readonly instanceId: string; readonly why: 'refused' | 'expired' | 'escalated' | 'stopped' } | SoftExclusion;

/** One that is to be asked again later (rule R8). */
export interface SoftExclusion {
  readonly instanceId: string;
  readonly why: 'postponed';
  /** When it was refused; ISO 8601. */
  readonly at: string;
}

/** Why a task ended without being completed. */
export interface Failure {
  readonly code: string;
  readonly reason: string;
}

/** What a worker asked a person, and what came back. */
export interface Question {
  readonly text: string;
  readonly askedBy: string;
  readonly leaseId: string;
  readonly askedAt: string;
  readonly answer: string | null;
  readonly answeredBy: string | null;
}

/** One unit of work. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly priority: Priority;
  readonly estimatedDuration: number | null;
  readonly metadata: JsonObject;
  readonly requester: string | null;
  readonly externalRef: string | null;
  readonly dueAt: Date | null;
  readonly notBefore: Date | null;
  /** The due time that was missed last. */
  readonly missedDueAt: Date | null;
  readonly parentTaskId: string | null;
  /** Its name among the parts of its parent, if it is a part. */
  readonly partKey: string | null;
  /** How many tasks it is a part of: 0 for a whole one. */
  readonly partDepth: number;
  /** When its parts end it; null: it was not split. */
  readonly join: Join | null;
  /** The task that this one is a copy of, to try it again. */
  readonly retryOf: string | null;
  readonly status: TaskStatus;
  readonly blockedOn: string | null;
  /** When the next decision is due, of a task that waits for a target that postponed it. */
  readonly retryAt: Date | null;
  readonly entryInstanceId: string;
  readonly instanceId: string;
  readonly step: number;
  /** Since when it waits in a queue, or was taken from one. */
  readonly queuedAt: Date | null;
  /** Before this time no worker gets it: it rests after a failed attempt. */
  readonly availableAt: Date | null;
  /** Every question that was asked about it, the first first. */
  readonly questions: readonly Question[];
  /** Failed attempts at the instance that holds it, and at all of them. */
  readonly hopAttempts: number;
  readonly totalAttempts: number;
  readonly exclusions: readonly Exclusion[];
  readonly result: Json;
  readonly failure: Failure | null;
  readonly finishedBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

const NEXT = {
  routing: ['routing', 'offered', 'queued', 'waiting', 'blocked', 'rejected', 'failed', 'cancelled'],
  offered: ['routing', 'offered', 'failed', 'cancelled'],
  queued: ['in_progress', 'completed', 'failed', 'routing', 'offered', 'waiting', 'blocked', 'cancelled'],
  in_progress: ['queued', 'completed', 'failed', 'routing', 'offered', 'waiting', 'blocked', 'cancelled'],
  waiting: ['routing', 'completed', 'failed', 'cancelled'],
  blocked: ['routing', 'offered', 'in_progress', 'queued', 'completed', 'failed', 'waiting', 'blocked', 'cancelled'],
  completed: [],
  failed: [],
  rejected: [],
  cancelled: [],
} as const satisfies Record<TaskStatus, readonly TaskStatus[]>;

/** The lifecycle of a task (rule T1). */
export function canTaskMove(from: TaskStatus, to: TaskStatus): boolean {
  const allowed: readonly TaskStatus[] = NEXT[from];
  return allowed.includes(to);
}

/** A final task never changes again. */
export function isFinal(status: TaskStatus): boolean {
  return NEXT[status].length === 0;
}

/** Open statuses in which somebody may work on the task or finish it by hand. */
export function isAtWork(status: TaskStatus): boolean {
  return status === 'queued' || status === 'in_progress' || status === 'blocked';
}

/** A task that waits for a target which wants to be asked again later. */
export function isPostponed({ status, retryAt }: Pick<Task, 'status' | 'retryAt'>): boolean {
  return status === 'routing' && retryAt !== null;
}

/** A task that is open after its due time. */
export function isPastDue({ status, dueAt }: Pick<Task, 'status' | 'dueAt'>, now: Date): boolean {
  return !isFinal(status) && dueAt !== null && dueAt <= now;
}

/** True if it is on record that the due time which the task has now was missed. */
export function hasMissedDue({ dueAt, missedDueAt }: Pick<Task, 'dueAt' | 'missedDueAt'>): boolean {
  return dueAt !== null && missedDueAt?.getTime() === dueAt.getTime();
}

/** The id of the workflow that carries a task. */
export function workflowIdOf(taskId: string): string {
  return `task/${taskId}`;
}

/** A delegation's hop never passes this number; a task that would is failed (law 9). */
export const HOP_LIMIT = 50;
