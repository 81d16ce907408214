import type { InstanceRef } from './chain.ts';
import type { DelegationStatus, DelegationType } from './delegation.ts';
import type { Failure, TaskStatus } from './task.ts';

/** One line of the chain, as the workflow shows it. */
export interface SnapshotLink {
  readonly delegationId: string;
  readonly hop: number;
  readonly delegationType: DelegationType;
  readonly status: DelegationStatus;
  readonly from: InstanceRef;
  readonly to: InstanceRef;
  readonly why: string;
  readonly decidedBy: string | null;
}

/** A task at a push instance: queued for a slot, or with an open lease (rule U2). */
export type PushSnapshot =
  /** In how long it may take a slot; 0: as soon as one is free. */
  | { readonly taskQueue: string; readonly leaseId: null; readonly waitMs: number }
  | { readonly taskQueue: string; readonly leaseId: string; readonly attempt: number };

/** The row of a task as a workflow adopts it: plain JSON, small, and the truth (law 2). */
export interface TaskSnapshot {
  readonly taskId: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly status: TaskStatus;
  readonly blockedOn: string | null;
  readonly step: number;
  readonly entryInstanceId: string;
  readonly holder: InstanceRef;
  readonly project: string | null;
  readonly offer: { readonly delegationId: string; readonly to: string; readonly expiresInMs: number | null } | null;
  /** How long a task that was postponed waits for its next decision; absent in what an older version wrote. */
  readonly retryInMs?: number | null;
  readonly links: readonly SnapshotLink[];
  readonly why: string;
  /** The open lease, if it is past its time; absent in what an older version wrote. */
  readonly lapsedLeaseId?: string | null;
  /** Of a task that was split; absent in what an older version wrote. */
  readonly parts?: SnapshotParts;
  /** The due time that has passed and is not on record as missed; ISO 8601, absent where there is none. */
  readonly overdueAt?: string;
  /** Of a task that Temporal's workers do, or are to do; absent everywhere else, and in what an older version wrote. */
  readonly push?: PushSnapshot;
  readonly failure: Failure | null;
}

/** The parts of a task, counted: the workflow starts those that are released, and stops them once the join is decided. */
export interface SnapshotParts {
  readonly released: number;
  readonly open: number;
  readonly isDecided: boolean;
  /** There is something to write: a part may begin or never will, or the task ends. */
  readonly isDue: boolean;
}

/** It waits for a decision now, not for the time at which a target may be asked again. */
export function isToBeRouted({ status, retryInMs }: Pick<TaskSnapshot, 'status' | 'retryInMs'>): boolean {
  return status === 'routing' && typeof retryInMs !== 'number';
}
