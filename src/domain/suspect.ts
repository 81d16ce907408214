import type { TaskStatus } from './task.ts';

/** A task whose workflow may not know what its row says (law 2). */
export interface Suspect {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly step: number;
  /** It routes for a minute, its offer should have ended, or its parts have news that it did not act on. */
  readonly isOverdue: boolean;
}

/** What a workflow publishes of itself; null where there is none. */
export interface PublishedState {
  readonly isOpen: boolean;
  readonly step: number | null;
  /** How it has ended; absent while it is open. */
  readonly closedAs?: string;
}

/** What is asked of Temporal about the workflows of tasks, and done to them. */
export interface TaskWorkflows {
  /** Those that a list shows as open; it may be behind, so it proves that one is well, and never that one is not. */
  listed(taskIds: readonly string[]): Promise<ReadonlyMap<string, PublishedState>>;
  /** By description of each exact id. */
  published(taskIds: readonly string[]): Promise<ReadonlyMap<string, PublishedState>>;
  /** The ends of the ids of all that a list shows as open, whether their tasks are on record or not. */
  open(): AsyncIterable<string>;
  reread(taskId: string): Promise<void>;
  /** Also where an earlier run has ended. */
  start(task: { readonly id: string; readonly title: string }): Promise<void>;
}

/** What is so with a suspect, and how its workflow has ended if it has. */
export interface Diagnosed {
  readonly suspect: Suspect;
  readonly diagnosis: Diagnosis;
  readonly closedAs: string | null;
}

export type Diagnosis = 'well' | 'reread' | 'start' | 'leave';

/** How a workflow ends that has seen the end of its task, or that there is none. */
const BY_ITSELF = 'COMPLETED';

/**
 * What to do about a suspect: nothing, ask its workflow to read the row again, start one, or leave it to a repair. A workflow
 * that is ahead of the row, or has ended by itself before it, remembers more than the database: a backup was put back (rule N3).
 */
export function diagnose(suspect: Suspect, published: PublishedState | null, isFinalRow: boolean): Diagnosis {
  if (published === null) return isFinalRow ? 'well' : 'start';
  if (!published.isOpen && isFinalRow) return 'well';
  if (!published.isOpen) return published.closedAs === BY_ITSELF ? 'start' : 'leave';
  const isUpToDate = published.step === suspect.step;
  return isUpToDate && !suspect.isOverdue && !isFinalRow ? 'well' : 'reread';
}
