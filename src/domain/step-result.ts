import type { Conflict } from './commands/verdict.ts';
import type { TaskSnapshot } from './task-snapshot.ts';

/**
 * What a write came to, with the row as it now stands: `done` (also for a repeat), `moved` (somebody else wrote
 * first: judge anew), `conflict` (nothing was written, and why), `gone` (the task was deleted).
 */
export type StepResult =
  | { readonly verdict: 'done' | 'moved'; readonly row: TaskSnapshot }
  | {
      readonly verdict: 'conflict';
      /** null: it stands as whoever gave the command knows it. */
      readonly row: TaskSnapshot | null;
      readonly code: Conflict['code'];
      readonly detail: string;
    }
  | { readonly verdict: 'gone' };
