import Table from 'cli-table3';
import pc from 'picocolors';
import { plain } from './plain.ts';

export type Colours = ReturnType<typeof pc.createColors>;

/** Where a command writes: tables and colour on a terminal, tab-separated lines elsewhere. */
export interface Output {
  readonly isTerminal: boolean;
  readonly colours: Colours;
  line(text?: string): void;
  note(text: string): void;
  json(value: unknown): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
}

/** As much of `process.stdout` as is used; a pipe has no `isTTY` at all. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Standard output and standard error of this process. */
export function createOutput(
  stdout: Stream,
  stderr: Stream,
  env: Readonly<Record<string, string | undefined>>,
): Output {
  const isTerminal = stdout.isTTY ?? false;
  const hasColour = isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const colours = pc.createColors(hasColour);
  const line = (text = ''): void => {
    stdout.write(`${text}\n`);
  };
  return {
    isTerminal,
    colours,
    line,
    note: (text) => {
      stderr.write(`${text}\n`);
    },
    json: (value) => {
      line(JSON.stringify(value, null, 2));
    },
    table: (head, rows) => {
      if (isTerminal) line(drawn(head, rows, colours, stdout.columns ?? 0));
      else for (const row of rows) line(row.map(plain).join('\t'));
    },
  };
}

const BORDERS = { mid: '', 'mid-mid': '', 'left-mid': '', 'right-mid': '', top: '', 'top-mid': '', 'top-left': '' };
const NO_BORDERS = {
  ...BORDERS,
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  middle: '  ',
};

/** The last column is the widest text (a title, a reason): it gives way when the terminal is narrow. */
function drawn(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  colours: Colours,
  columns: number,
): string {
  const cells = rows.map((row) => row.map(plain));
  const widths = head.map((title, index) =>
    Math.max(...[title, ...cells.map((row) => row[index] ?? '')].map(({ length }) => length)),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = Math.min(widths.at(-1) ?? 0, Math.max(20, (columns || 100) - before));
  const table = new Table({
    head: head.map((title) => colours.dim(title)),
    colWidths: [...widths.slice(0, -1), last],
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...cells);
  return table.toString();
}
