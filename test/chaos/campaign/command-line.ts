import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';

/** What was asked for on the command line. */
export interface Asked {
  readonly seed: number;
  readonly scenarios: readonly Scenario[];
  readonly isLong: boolean;
  readonly hours: number;
  readonly json: string | null;
}

/** Somebody asked for something that is not there. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  seed: { type: 'string' },
  only: { type: 'string' },
  long: { type: 'boolean', default: false },
  hours: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;
const LARGEST_SEED = 2 ** 31;
const MOST_HOURS = 1_000;

/** The help, with what there is to choose from. */
export function helpFor(all: readonly Scenario[]): string {
  const widest = Math.max(...all.map(({ name }) => name.length));
  return [
    'Usage: npm run chaos -- [options]',
    '',
    'Kills, stops and cuts off the parts of a running Hopper while it has work, on servers of its own, and checks that every',
    'promise is kept: every task that was taken is there and ends once, all that was answered is on record, and the audit finds',
    'nothing. One scenario after another. The same seed makes the same choices.',
    '',
    '  --seed N       the choices of an earlier campaign (any)',
    '  --only A,B     these scenarios alone',
    '  --long         much more of everything',
    '  --hours N      long ones, in rounds with the seeds N, N+1 …, until so many hours have passed',
    '  --json FILE    write what happened to FILE too',
    '  --help         this text',
    '',
    'Scenarios:',
    ...all.map(({ name, promise }) => `  ${name.padEnd(widest)}  ${promise}`),
    '',
  ].join('\n');
}

/** Reads the options; null: only help is wanted. Throws UsageError where something is wrong. */
export function readCommandLine(args: readonly string[], all: readonly Scenario[]): Asked | null {
  const values = parsed(args);
  if (values.help) return null;
  const hours = values.hours === undefined ? 0 : numberOf('--hours', values.hours, MOST_HOURS);
  const seed = values.seed === undefined ? randomInt(LARGEST_SEED) : numberOf('--seed', values.seed, LARGEST_SEED * 2);
  if (!Number.isInteger(seed)) throw new UsageError('--seed takes a whole number');
  return {
    ...{ seed, hours },
    scenarios: values.only === undefined ? all : chosen(values.only.split(','), all),
    isLong: values.long || hours > 0,
    json: values.json ?? null,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function numberOf(option: string, text: string, most: number): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= most))
    throw new UsageError(`${option} takes a number from 0 to ${String(most)}`);
  return number;
}

function chosen(names: readonly string[], all: readonly Scenario[]): readonly Scenario[] {
  return names.map((name) => {
    const scenario = all.find((each) => each.name === name.trim());
    if (scenario === undefined) throw new UsageError(`there is no scenario ${name.trim()}`);
    return scenario;
  });
}
