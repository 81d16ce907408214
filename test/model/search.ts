import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { startHopper } from '../support/hopper.ts';
import { anyCommand, anySubmission } from './arbitraries.ts';
import type { Command, Sequence } from './command.ts';
import type { Real } from './real.ts';
import { isPossible } from './resolve.ts';
import { type Subject, begin, finish, leaveNothingOpen, step } from './sequence.ts';
import type { World } from './world.ts';

export const FAILURES = fileURLToPath(new URL('failures/', import.meta.url));
const MOST_COMMANDS = 30;
/** To make a failure smaller. */
const SHRINK_MS = 300_000;
const WORKER = { sweepEveryMs: 1_000, rereadEveryMs: 1_000, heldEveryMs: 200 };

/** A Hopper for many sequences, each with a tree of its own. */
export async function startSubject(): Promise<Subject & { readonly stop: () => Promise<void> }> {
  const hopper = await startHopper({ worker: WORKER, tree: { name: 'unused', scope: 'global' } });
  const restartWorker = async (): Promise<void> => {
    await hopper.stopWorkers();
    await hopper.startWorker(WORKER);
  };
  return { hopper, restartWorker, stop: hopper.stop };
}

export interface Search {
  readonly seed: number;
  readonly sequences: number;
  /** After so long no other sequence is begun. */
  readonly limitMs?: number;
  readonly restarts?: boolean;
}

export interface Found {
  readonly sequence: Sequence;
  readonly words: string;
  readonly shrinks: number;
}

export interface SearchReport {
  readonly sequences: number;
  readonly commands: number;
  readonly found: Found | null;
}

/** Runs random sequences until one fails, and makes that one as small as it can. */
export async function search(
  subject: Subject,
  { seed, sequences: numRuns, limitMs = Infinity, restarts = false }: Search,
): Promise<SearchReport> {
  const counted = { sequences: 0, commands: 0 };
  let until = Date.now() + limitMs;
  let hasFailed = false;
  const anyStep = anyCommand(restarts).map((command) => new Step(command, () => (counted.commands += 1)));
  const property = fc.asyncProperty(
    fc.constantFrom('reject' as const, 'hold' as const),
    fc.array(anySubmission, { minLength: 1, maxLength: 3 }),
    fc.commands([anyStep], { maxCommands: MOST_COMMANDS, size: 'max', disableReplayLog: true }),
    async (onUnroutable, first, steps) => {
      if (Date.now() > until) return; // it is late: whatever is left passes
      counted.sequences += 1;
      await run(subject, onUnroutable, first, steps).catch((error: unknown) => {
        if (!hasFailed) until = Date.now() + SHRINK_MS;
        hasFailed = true;
        throw error;
      });
    },
  );
  const { counterexample, errorInstance, numShrinks } = await fc.check(property, { seed, numRuns, unbiased: true });
  if (counterexample === null) return { ...counted, found: null };
  const [onUnroutable, first, steps] = counterexample;
  const words = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const about = `Found with seed ${String(seed)}. ${words.split('\n').slice(0, 3).join(' ')}`;
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- fast-check says only so which of the commands were run
  const ran = JSON.parse(`[${String(steps)}]`) as Command[];
  const sequence = { about, onUnroutable, commands: [...first, ...ran] };
  return { ...counted, found: { sequence, words, shrinks: numShrinks } };
}

async function run(
  subject: Subject,
  onUnroutable: World['onUnroutable'],
  first: readonly Command[],
  steps: Iterable<fc.AsyncCommand<World, Real>>,
): Promise<void> {
  const { world, real } = await begin(subject, onUnroutable);
  try {
    for (const command of first) await step(world, real, command);
    await fc.asyncModelRun(() => ({ model: world, real }), steps);
    await finish(world, real);
  } finally {
    await leaveNothingOpen(world, real);
  }
}

class Step implements fc.AsyncCommand<World, Real> {
  readonly #command: Command;
  readonly #count: () => void;

  constructor(command: Command, count: () => void) {
    this.#command = command;
    this.#count = count;
  }

  check(world: Readonly<World>): boolean {
    return isPossible(world, this.#command);
  }

  async run(world: World, real: Real): Promise<void> {
    this.#count();
    await step(world, real, this.#command);
  }

  toString(): string {
    return JSON.stringify(this.#command);
  }
}

/** Keeps a sequence that failed, a command to a line: from now on it is run with the tests. Answers its file. */
export async function keep({ about, onUnroutable, commands }: Sequence, name: string): Promise<string> {
  const lines = commands.map((command) => `    { ${Object.entries(command).map(fieldOf).join(', ')} }`);
  const head = [fieldOf(['about', about]), fieldOf(['onUnroutable', onUnroutable])].map((field) => `  ${field},\n`);
  const file = `${FAILURES}${name}.json`;
  await mkdir(FAILURES, { recursive: true });
  await writeFile(file, `{\n${head.join('')}  "commands": [\n${lines.join(',\n')}\n  ]\n}\n`);
  return file;
}

function fieldOf([key, value]: readonly [string, unknown]): string {
  return `"${key}": ${JSON.stringify(value)}`;
}
