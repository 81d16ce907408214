import type { Colours } from '../output.ts';
import { plain } from '../plain.ts';
import { duration } from './duration.ts';
import { tallyWords } from './event-words.ts';
import type { Tally } from './work-event.ts';

/** A slot with its task. Times are of one clock, in milliseconds. */
export interface SlotRow {
  readonly title: string;
  readonly attempt: number;
  readonly since: number;
  readonly heardAt: number;
}

/** What the live table shows. */
export interface BoardState {
  readonly name: string;
  readonly concurrency: number;
  readonly slots: ReadonlyMap<number, SlotRow>;
  readonly tally: Tally;
  /** What keeps the worker from its usual way; null: nothing does. */
  readonly notice: string | null;
  readonly isStopping: boolean;
}

export interface BoardSize {
  readonly columns: number;
  readonly rows: number;
}

/** The head, the foot, an empty line above, the cursor's, and the one that names hidden slots. */
const SPARE_ROWS = 5;
const WIDTHS = [4, 7, 12, 13] as const;
const HEAD = ['slot', 'attempt', 'running for', 'heartbeat', 'task'];

/** The lines of the live table at this moment, none wider and not more of them than the terminal has. */
export function boardLines(state: BoardState, { columns, rows }: BoardSize, now: number, colours: Colours): string[] {
  const shown = Math.max(1, Math.min(state.concurrency, rows - SPARE_ROWS));
  const hidden = state.concurrency - shown;
  const slots = Array.from({ length: shown }, (_, index) => {
    const row = state.slots.get(index + 1);
    const line = cut(rowOf(slotCells(state, index + 1, now)), columns);
    return row === undefined ? colours.dim(line) : line;
  });
  return [
    '',
    colours.dim(cut(rowOf(HEAD), columns)),
    ...slots,
    ...(hidden > 0 ? [colours.dim(cut(`      and ${String(hidden)} more`, columns))] : []),
    colours.bold(cut(`${plain(state.name)} · ${footOf(state)}`, columns)),
  ];
}

/** The task comes last: only there does it not matter how wide its characters are. */
function slotCells({ slots, isStopping }: BoardState, slot: number, now: number): readonly string[] {
  const row = slots.get(slot);
  if (row === undefined) return [String(slot), '', '', '', isStopping ? 'stopped' : 'waits for a task'];
  const heard = `${duration((now - row.heardAt) / 1_000)} ago`;
  return [String(slot), String(row.attempt), duration((now - row.since) / 1_000), heard, plain(row.title)];
}

function rowOf(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padStart(WIDTHS[index] ?? 0)).join('  ');
}

function footOf({ tally, notice, slots, isStopping }: BoardState): string {
  const total = tallyWords(tally);
  if (isStopping) return `${total} · stopping, ${String(slots.size)} still running`;
  return notice === null ? total : `${total} · ${plain(notice)}`;
}

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
