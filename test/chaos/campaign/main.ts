// `npm run chaos`: a campaign of faults against running Hoppers, with a seed; `--help` says more.
import { writeFile } from 'node:fs/promises';
import { runCampaign } from './campaign.ts';
import { type Asked, UsageError, helpFor, readCommandLine } from './command-line.ts';
import type { Outcome } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { advice, tableOf } from './table.ts';

const INTERRUPTED = 130;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const asked = readCommandLine(process.argv.slice(2), SCENARIOS);
    if (asked !== null) return await run(asked);
    process.stdout.write(helpFor(SCENARIOS));
    return 0;
  } catch (error) {
    process.stderr.write(`chaos: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write(helpFor(SCENARIOS));
    return 2;
  }
}

async function run(asked: Asked): Promise<number> {
  const { seed, isLong, json } = asked;
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort(new Error('the campaign was stopped'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const begun = Date.now();
  const say = (message: string): void => {
    const seconds = ((Date.now() - begun) / 1_000).toFixed(0).padStart(5);
    process.stderr.write(`${seconds} s  ${message}\n`);
  };
  say(`seed ${String(seed)}`);
  const write = async (outcomes: readonly Outcome[]): Promise<void> => {
    if (json !== null) await writeFile(json, `${JSON.stringify({ seed, isLong, outcomes }, null, 2)}\n`);
  };
  const plan = { ...asked, size: isLong ? 'long' : 'usual', say, stopping: stopping.signal } as const;
  const outcomes = await runCampaign(plan, write);
  process.stdout.write(`seed ${String(seed)}\n${tableOf(outcomes)}\n${advice(outcomes, isLong)}\n`);
  if (stopping.signal.aborted) return INTERRUPTED;
  return outcomes.some(({ broken }) => broken !== null) ? 1 : 0;
}
