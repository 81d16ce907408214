import type { DecisionResponse } from '../../domain/routing-decision.schema.ts';
import type { Colours } from '../output.ts';
import { plain } from '../plain.ts';
import { wrapped } from './lines.ts';

const SHOWN = 5;
const LONGEST_NAME = 24;

/** What a decision looked at. */
export interface Considered {
  readonly candidates: DecisionResponse['candidates'];
  readonly candidates_left_out: number;
}

/** Who was considered, best first, with score and words; the best few, unless all are asked for. */
export function candidateLines(
  { candidates, candidates_left_out: leftOut }: Considered,
  { colours, width, indent, isAll }: { colours: Colours; width: number; indent: string; isAll: boolean },
): readonly string[] {
  const shown = isAll ? candidates : candidates.slice(0, SHOWN);
  const names = shown.map(({ name }) => clipped(plain(name)));
  const scores = shown.map(({ score }) => String(Number(score.toFixed(3))));
  const [nameWidth, scoreWidth] = [names, scores].map((cells) => Math.max(...cells.map(({ length }) => length)));
  const lines = shown.flatMap(({ chosen, why }, index) => {
    const mark = chosen ? colours.green('✔') : ' ';
    const name = (names[index] ?? '').padEnd(nameWidth ?? 0);
    const score = (scores[index] ?? '').padStart(scoreWidth ?? 0);
    const before = `${indent}  ${name}  ${score}  `;
    const [first = '', ...rest] = wrapped(why, width, ' '.repeat(before.length));
    return [
      `${indent}${mark} ${chosen ? colours.bold(name) : name}  ${colours.dim(score)}  ${first.trimStart()}`,
      ...rest,
    ];
  });
  const others = candidates.length - shown.length + leftOut;
  const more = `${indent}  and ${String(others)} ${others === 1 ? 'other' : 'others'}`;
  return others === 0 ? lines : [...lines, colours.dim(more)];
}

function clipped(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`;
}
