import { assertNever } from '../assert-never.ts';
import { isFinal } from '../task.ts';
import type { Join, Part } from './part.ts';

/** What the parts of a task say about it: nothing yet, or how it ends and why. */
export type Joined =
  | { readonly kind: 'open' }
  | { readonly kind: 'completed'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

const OPEN = { kind: 'open' } as const satisfies Joined;

/** Judges the parts by the join of their task (rule J2). */
export function joined(join: Join, parts: readonly Part[]): Joined {
  const done = parts.filter(isCompleted);
  const isOver = parts.every((part) => isFinal(part.status));
  switch (join) {
    case 'all':
      return all(parts, done, isOver);
    case 'any': {
      const [first] = done.toSorted(byEnd);
      if (first !== undefined) return { kind: 'completed', reason: `${named(first)} was the first to complete` };
      return isOver ? { kind: 'failed', reason: `none of ${counted(parts)} completed` } : OPEN;
    }
    case 'best_effort':
      if (!isOver) return OPEN;
      return done.length > 0
        ? { kind: 'completed', reason: `${String(done.length)} of ${counted(parts)} completed` }
        : { kind: 'failed', reason: `none of ${counted(parts)} completed` };
    default:
      return assertNever(join);
  }
}

function all(parts: readonly Part[], done: readonly Part[], isOver: boolean): Joined {
  const [failed] = parts.filter(isLost).toSorted(byEnd);
  if (failed !== undefined) return { kind: 'failed', reason: `${named(failed)} ${failed.status}` };
  return isOver ? { kind: 'completed', reason: `all of ${counted(done)} completed` } : OPEN;
}

/** A part that ended without completing, and not because of another. */
function isLost(part: Part): boolean {
  return isFinal(part.status) && !isCompleted(part) && !part.isSkipped;
}

function isCompleted({ status }: Part): boolean {
  return status === 'completed';
}

function byEnd(a: Part, b: Part): number {
  return endOf(a) - endOf(b) || a.no - b.no;
}

function endOf({ finishedAt }: Part): number {
  return finishedAt?.getTime() ?? 0;
}

function named({ key }: Part): string {
  return `part ${JSON.stringify(key)}`;
}

function counted(parts: readonly Part[]): string {
  return `${String(parts.length)} ${parts.length === 1 ? 'part' : 'parts'}`;
}
