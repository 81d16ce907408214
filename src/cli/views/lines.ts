import type { CliContext } from '../context.ts';
import { plain } from '../plain.ts';

const [NARROWEST, USUAL, WIDEST] = [40, 80, 100];

/** How many columns text may take: those of the terminal, within what is easy to read. */
export function widthOf({ stdout }: Pick<CliContext, 'stdout'>): number {
  const columns = stdout.isTTY ? stdout.columns || USUAL : USUAL;
  return Math.min(WIDEST, Math.max(NARROWEST, columns));
}

/** Text of any length as lines that fit, each indented; a word that fits on no line stands alone on one. */
export function wrapped(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text)
    .split(/ +/)
    .filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && indent.length + longer.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, indent + line];
}
