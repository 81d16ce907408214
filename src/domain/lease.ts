import type { Change } from './change.ts';
import type { Task } from './task.ts';

export const LEASE_OUTCOMES = ['completed', 'failed', 'released', 'expired', 'decomposed', 'left'] as const;
export type LeaseOutcome = (typeof LEASE_OUTCOMES)[number];

/** A worker's right to work on a task, as it stands while the task is judged. */
export interface OpenLease {
  readonly id: string;
  readonly workerId: string;
  readonly attempt: number;
  /** null: of a worker that is watched by Temporal. */
  readonly expiresAt: Date | null;
  readonly timeoutSeconds: number;
}

/** One attempt at a task, open or ended. */
export interface Lease extends OpenLease {
  readonly taskId: string;
  readonly instanceId: string;
  readonly slotNo: number;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly progressNote: string | null;
  readonly progressPercent: number | null;
  readonly endedAt: Date | null;
  readonly outcome: LeaseOutcome | null;
  readonly reason: string | null;
  readonly output: string | null;
}

/** How a lease ended, written with the change that ended it. */
export interface LeaseEnd {
  readonly id: string;
  readonly outcome: LeaseOutcome;
  readonly reason: string | null;
}

/** Every change that leaves a task's work ends its open lease; a question does not (rule W6). */
export function leaseEndOf(lease: OpenLease | null, change: Change): LeaseEnd | null {
  if (lease === null) return null;
  const { status, blockedOn = null } = change.task;
  const isKept = change.leaseOutcome === undefined && isAtWorker({ status, blockedOn });
  if (isKept) return null;
  return { id: lease.id, outcome: change.leaseOutcome ?? 'left', reason: reasonOf(change) };
}

/** Only such a task has an open lease. */
export function isAtWorker({ status, blockedOn }: Pick<Task, 'status' | 'blockedOn'>): boolean {
  return status === 'in_progress' || (status === 'blocked' && blockedOn === 'question');
}

function reasonOf({ detail }: Change): string | null {
  return typeof detail['reason'] === 'string' ? detail['reason'] : null;
}

/** How often a worker should be heard, and how late it may be: a third of the time after which it has lost its task. */
export function heartbeatSecondsOf(timeoutSeconds: number): number {
  return Math.max(1, Math.floor(timeoutSeconds / 3));
}

/** True once a lease is past its time and one heartbeat interval of grace (rule W5). */
export function isLapsed({ expiresAt, timeoutSeconds }: OpenLease, now: Date): boolean {
  if (expiresAt === null) return false;
  return expiresAt.getTime() + heartbeatSecondsOf(timeoutSeconds) * 1_000 <= now.getTime();
}
