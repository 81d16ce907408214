// `npm run model`: random sequences of commands against the model of Hopper, on servers of their own, for as long as is asked.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { need, release } from '../support/servers/need.mjs';
import type { Answer, Command, Sequence } from './command.ts';
import { type SearchReport, keep, search, startSubject } from './search.ts';
import { runSequence } from './sequence.ts';

const HELP = `Usage: npm run model -- [options]

Starts PostgreSQL and Temporal in a temporary folder and runs random sequences of commands against them and against a model of
Hopper. The first that fails is made as small as possible and saved in test/model/failures/, where the tests run it again.

  --minutes N   for so long (5)
  --seconds N   for so long
  --seed N      the seed of the first sequences; one for each batch follows (random)
  --json FILE   the report as JSON too
  --replay FILE a saved sequence, and nothing else
  --help        this text
`;
const BATCH = 40;

process.exitCode = await main();

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { minutes: text, seconds: text, seed: text, json: text, replay: text, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const seconds = Number(values.seconds ?? Number(values.minutes ?? 5) * 60);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  await need('postgres', 'temporal', 'bundle');
  try {
    if (values.replay !== undefined) return await replay(values.replay);
    const report = await searchFor(seconds, seed);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
    return report.found === null ? 0 : 1;
  } finally {
    await release();
  }
}

async function replay(file: string): Promise<number> {
  const sequence = JSON.parse(await readFile(file, 'utf8')) as Sequence;
  const subject = await startSubject();
  const tell = (command: Command, answer: Answer): void => {
    say(`${JSON.stringify(command)}: ${answer.kind}${answer.kind === 'refused' ? `, ${answer.code}` : ''}`);
  };
  try {
    await runSequence(subject, sequence, tell);
    say('as the model says');
    return 0;
  } catch (error) {
    say(`FAILED ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await subject.stop();
  }
}

interface LongReport extends SearchReport {
  readonly seed: number;
  readonly seconds: number;
}

/** Batch after batch, each on a database of its own, so that an audit looks at no more than a batch. */
async function searchFor(seconds: number, first: number): Promise<LongReport> {
  const begun = Date.now();
  const passed = (): number => Date.now() - begun;
  let [sequences, commands] = [0, 0];
  for (let seed = first; ; seed += 1) {
    const subject = await startSubject();
    const limitMs = seconds * 1_000 - passed();
    const batch = await search(subject, { seed, sequences: BATCH, limitMs, restarts: true }).finally(subject.stop);
    sequences += batch.sequences;
    commands += batch.commands;
    say(
      `seed ${String(seed)}: ${String(sequences)} sequences, ${String(commands)} commands, ${String(Math.round(passed() / 1_000))} s`,
    );
    if (batch.found !== null) {
      const file = await keep(batch.found.sequence, `found-${String(seed)}`);
      say(`\nFAILED, ${String(batch.found.sequence.commands.length)} commands, saved in ${file}\n${batch.found.words}`);
    }
    if (batch.found !== null || passed() >= seconds * 1_000)
      return { seed: first, seconds: Math.round(passed() / 1_000), sequences, commands, found: batch.found };
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
