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
}

export type Diagnosis = 'well' | 'reread' | 'start' | 'leave';

/** What to do about a suspect: nothing, ask its workflow to read the row again, start one, or leave it to a repair. */
export function diagnose(suspect: Suspect, published: PublishedState | null, isFinalRow: boolean): Diagnosis {
  if (published === null) return isFinalRow ? 'well' : 'start';
  if (!published.isOpen) return isFinalRow ? 'well' : 'leave';
  const isUpToDate = published.step !== null && published.step >= suspect.step;
  return isUpToDate && !suspect.isOverdue && !isFinalRow ? 'well' : 'reread';
}
