import type { Ports } from './ports.ts';

/** The next parts that may begin, from a place on, and the place behind them; `null`: there are no more. */
export interface PartsToStart {
  readonly parts: readonly { readonly id: string; readonly title: string }[];
  readonly next: number | null;
}

export type FindPartsToStart = (ask: { readonly taskId: string; readonly from: number }) => Promise<PartsToStart>;

/** A workflow task starts so many parts at most (design §7). */
const MOST_AT_ONCE = 50;
const LONGEST_TITLE = 100;

/** Which parts a workflow has to start; it knows ids and the lines that the Temporal UI shows, and no more. */
export function createFindPartsToStart({ repositories }: Ports): FindPartsToStart {
  return async ({ taskId, from }) => {
    const found = await repositories.parts.toStart(taskId, from, MOST_AT_ONCE);
    const open = found.filter((part) => part.isOpen);
    const last = found.at(-1);
    return {
      parts: open.map(({ id, title }) => ({ id, title: title.slice(0, LONGEST_TITLE) })),
      next: last === undefined ? null : last.release + 1,
    };
  };
}
