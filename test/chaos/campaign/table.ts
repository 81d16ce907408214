import Table from 'cli-table3';
import type { Outcome } from './run-scenario.ts';
import { type Account, NOT_DONE } from './scenario.ts';

const WIDTHS = { scenario: 24, account: 70, result: 30 } as const;

/** One row for each run: what was done, and whether the promise was kept. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const table = new Table({
    head: ['scenario', 'seconds', 'what happened', 'result'],
    colWidths: [WIDTHS.scenario, 9, WIDTHS.account, WIDTHS.result],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { scenario, seconds, account, broken } of outcomes)
    table.push([scenario, seconds.toFixed(1), wordsOf(account), resultOf(account, broken)]);
  return table.toString();
}

/** What became of the promise, in a line. */
export function resultOf(account: Account, broken: Outcome['broken']): string {
  if (broken !== null) return `BROKEN: ${broken.why.split('\n')[0] ?? ''}`;
  return NOT_DONE in account ? NOT_DONE : 'kept';
}

/** `tasks 40, kills 3`. */
export function wordsOf(account: Account): string {
  return Object.entries(account)
    .map(([what, amount]) => `${what} ${String(amount)}`)
    .join(', ');
}

/** How to run each broken one again, and where its logs are. */
export function advice(outcomes: readonly Outcome[], isLong: boolean): string {
  const lines = outcomes.flatMap(({ scenario, seed, broken }) =>
    broken === null
      ? []
      : [
          '',
          `${scenario} BROKE: ${broken.why}`,
          `  logs:  ${broken.folder}`,
          `  again: npm run chaos -- --seed ${String(seed)} --only ${scenario}${isLong ? ' --long' : ''}`,
        ],
  );
  return lines.join('\n');
}
