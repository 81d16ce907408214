import type { Asked } from '../command-line.ts';
import { CASE, CASES, type CaseName } from './cases.ts';

/** What one run measures. */
export interface Plan {
  readonly cases: readonly CaseName[];
  readonly rounds: number;
  /** Of the sample whose events, commits and statements are counted. */
  readonly sampled: number;
  readonly concurrency: number;
  readonly tasksOf: (name: CaseName) => number;
  /** It is over after so long, whatever is left. */
  readonly minutes: number;
}

const LIMIT = { full: 25, quick: 6 } as const;
const ROUNDS = { full: 5, quick: 1 } as const;
const CONCURRENCY = { full: 64, quick: 8 } as const;
const SAMPLED = { full: 10, quick: 3 } as const;

/** Reads the options; throws a TypeError that says which one is wrong. */
export function planOf(asked: Asked): Plan {
  const isQuick = asked['quick'] === true;
  const which = isQuick ? 'quick' : 'full';
  const tasks = asked['tasks'] === undefined ? null : numberOf(asked, 'tasks', 10_000);
  const rounds = asked['rounds'] === undefined ? ROUNDS[which] : numberOf(asked, 'rounds', 99);
  return {
    cases: casesOf(asked['cases']),
    rounds,
    sampled: SAMPLED[which],
    concurrency: asked['concurrency'] === undefined ? CONCURRENCY[which] : numberOf(asked, 'concurrency', 500),
    tasksOf: (name) => tasks ?? CASE[name].tasks[isQuick ? 1 : 0],
    minutes: LIMIT[which],
  };
}

function casesOf(given: Asked[string]): CaseName[] {
  if (given === undefined) return [...CASES];
  const names = String(given).split(',');
  const unknown = names.filter((name) => !CASES.some((known) => known === name));
  if (unknown.length > 0) throw wrong(`--cases has ${unknown.join(', ')}; there are ${CASES.join(', ')}`);
  return CASES.filter((name) => names.includes(name));
}

function numberOf(asked: Asked, name: string, most: number): number {
  const number = Number(asked[name]);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw wrong(`--${name} is a number from 1 to ${String(most)}`);
}

function wrong(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'wrong' });
}
