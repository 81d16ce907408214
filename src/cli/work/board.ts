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

const SPARE_ROWS = 5;
const WIDTHS = { slot: 4, attempt: 7, running: 12, heartbeat: 12 };
const GAPS = 8;

/** The lines of the live table at this moment, none wider and not more of them than the terminal has. */
export function boardLines(state: BoardState, { columns, rows }: BoardSize, now: number, colours: Colours): string[] {
  const fixed = WIDTHS.slot + WIDTHS.attempt + WIDTHS.running + WIDTHS.heartbeat + GAPS;
  const width = Math.max(10, Math.min(60, columns - fixed - 1));
  const line = (slot: string, task: string, attempt: string, running: string, heartbeat: string): string =>
    [
      slot.padStart(WIDTHS.slot),
      cut(task, width).padEnd(width),
      attempt.padStart(WIDTHS.attempt),
      running.padStart(WIDTHS.running),
      heartbeat.padStart(WIDTHS.heartbeat),
    ].join('  ');
  const shown = Math.max(1, Math.min(state.concurrency, rows - SPARE_ROWS));
  const slots = Array.from({ length: shown }, (_, index) => slotLine(state, index + 1, now, line, colours));
  const hidden = state.concurrency - shown;
  return [
    '',
    colours.dim(line('slot', 'task', 'attempt', 'running for', 'heartbeat').trimEnd()),
    ...slots,
    ...(hidden > 0 ? [colours.dim(`      and ${String(hidden)} more slots`)] : []),
    cutEnd(`${colours.bold(plain(state.name))} · ${footOf(state)}`, columns + colours.bold('').length),
  ];
}

type Line = (slot: string, task: string, attempt: string, running: string, heartbeat: string) => string;

function slotLine({ slots, isStopping }: BoardState, slot: number, now: number, line: Line, colours: Colours): string {
  const row = slots.get(slot);
  if (row === undefined) {
    return colours.dim(line(String(slot), isStopping ? 'stopped' : 'waits for a task', '', '', '').trimEnd());
  }
  const heard = `${duration((now - row.heardAt) / 1_000)} ago`;
  return line(String(slot), row.title, String(row.attempt), duration((now - row.since) / 1_000), heard);
}

function footOf({ tally, notice, slots, isStopping }: BoardState): string {
  const total = tallyWords(tally);
  if (isStopping) return `${total} · stopping, ${String(slots.size)} still running`;
  return notice === null ? total : `${total} · ${plain(notice)}`;
}

/** No wider than so many characters, with a sign that something is missing. */
export function cut(text: string, width: number): string {
  const characters = Array.from(plain(text));
  return characters.length <= width ? characters.join('') : `${characters.slice(0, width - 1).join('')}…`;
}

function cutEnd(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
