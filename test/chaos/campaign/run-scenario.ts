import { setMaxListeners } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFrom } from './random.ts';
import type { Account, Scenario, Size } from './scenario.ts';

/** How a scenario is run. */
export interface Run {
  readonly seed: number;
  readonly size: Size;
  readonly say: (message: string) => void;
  readonly stopping: AbortSignal;
}

/** How a scenario ended. */
export interface Outcome {
  readonly scenario: string;
  readonly seed: number;
  readonly seconds: number;
  readonly account: Account;
  /** What broke the promise, and the folder with the logs; null: it was kept. */
  readonly broken: { readonly why: string; readonly folder: string } | null;
}

/** Runs one scenario in a folder of its own, which is kept when the promise was broken; throws only when it was stopped. */
export async function runScenario(scenario: Scenario, { seed, size, say, stopping }: Run): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), `hopper-chaos-${scenario.name}-`));
  await chmod(folder, 0o711); // the database's user passes through
  setMaxListeners(0, stopping); // everybody who waits listens to it
  const begun = performance.now();
  const told: string[] = [];
  const ground = {
    ...{ size, folder, stopping },
    random: randomFrom(`${String(seed)}/${scenario.name}`),
    say: (message: string) => {
      told.push(`${new Date().toISOString()} ${message}`);
      say(`${scenario.name}: ${message}`);
    },
  };
  const ended = (account: Account, broken: Outcome['broken']): Outcome => {
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    return { scenario: scenario.name, seed, seconds, account, broken };
  };
  try {
    const account = await scenario.run(ground);
    await rm(folder, { recursive: true, force: true });
    return ended(account, null);
  } catch (error) {
    if (stopping.aborted) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    const why = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? why) : why;
    await writeFile(join(folder, 'campaign.log'), [...told, stack, ''].join('\n'));
    return ended({}, { why, folder });
  }
}
