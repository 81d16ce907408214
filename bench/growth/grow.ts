import { type ComposedApi, composeApi } from '../../src/composition.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { defineModels } from '../../src/persistence/models/models.ts';
import { portsOn } from '../claims/claimers.ts';
import type { Progress } from '../own-database.ts';
import { startWorker } from '../parked/worker-process.ts';
import { completedPerSecond } from './case-a.ts';
import { createLive } from './lives.ts';
import type { Plan } from './options.ts';
import { pagesOf, watchesOf } from './reads.ts';
import type { Stand } from './stand.ts';

/** All that was measured on one stand: milliseconds by what took them, and the rates of case (a). */
export interface Samples {
  readonly size: number;
  readonly ms: Record<string, number[]>;
  readonly perSecond: number[];
}

export interface Measuring {
  readonly plan: Plan;
  readonly progress: Progress;
  readonly stopping: AbortSignal;
}

/** Measures stands side by side, in turns, forwards and backwards: first without workers, then with them. */
export async function measureStands(stands: readonly Stand[], measuring: Measuring): Promise<readonly Samples[]> {
  const samples = stands.map(({ size }): Samples => ({ size, ms: {}, perSecond: [] }));
  measuring.progress('steps and reads, one after the other');
  await inTurns(stands, samples, measuring, openSteps, measuring.plan.rounds);
  measuring.progress(`case (a), ${String(measuring.plan.load.atOnce)} tasks at once`);
  await inTurns(stands, samples, measuring, openLoad, measuring.plan.load.rounds);
  return samples;
}

/** A stand that is open for measuring; the first turn warms up, without samples. */
interface Open {
  readonly turn: (samples: Samples | null) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function inTurns(
  stands: readonly Stand[],
  samples: readonly Samples[],
  measuring: Measuring,
  open: (stand: Stand, measuring: Measuring) => Promise<Open>,
  rounds: number,
): Promise<void> {
  const opened: Open[] = [];
  try {
    for (const stand of stands) opened.push(await open(stand, measuring));
    for (const { turn } of opened) await turn(null);
    const turns = opened.map(({ turn }, place) => ({ turn, into: samples[place] ?? null }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { turn, into } of round % 2 === 0 ? turns : turns.toReversed()) {
        measuring.stopping.throwIfAborted();
        await turn(into);
      }
    }
  } finally {
    for (const { close } of opened) await close();
  }
}

/** Lives without an engine, what a worker looks through, and pages of the API. */
async function openSteps({ databaseUrl, settings, tree }: Stand, { plan }: Measuring): Promise<Open> {
  const database = openDatabase(databaseUrl, { maxConnections: 1 });
  const ports = portsOn(defineModels(database));
  await ports.policyInForce(null);
  const live = createLive(ports);
  const api = await composeApi(settings);
  const pages = pagesOf(api.service, tree);
  const reads = Object.entries({ ...watchesOf(ports), ...pages.reads });
  return {
    turn: async (samples) => {
      for (let left = plan.lives; left > 0; left -= 1) {
        const { decision, claim, completion } = await live(tree.globalId);
        for (const [name, ms] of Object.entries({ decision, claim, completion })) keep(samples, name, ms);
      }
      for (let left = plan.reads; left > 0; left -= 1) {
        for (const [name, read] of reads) {
          const began = performance.now();
          await read();
          keep(samples, name, performance.now() - began);
        }
      }
    },
    close: async () => {
      await pages.close();
      await Promise.all([api.close(), database.close()]);
    },
  };
}

/** A worker in a process of its own, and an API in this one. */
async function openLoad({ databaseUrl, settings, env }: Stand, { plan, stopping }: Measuring): Promise<Open> {
  const worker = startWorker(env);
  const [api, database]: [ComposedApi, ReturnType<typeof openDatabase>] = [
    await composeApi(settings),
    openDatabase(databaseUrl, { maxConnections: 1 }),
  ];
  return {
    turn: async (samples) => {
      const rate = await completedPerSecond(api.service, database, { ...plan.load, stopping });
      samples?.perSecond.push(rate);
    },
    close: async () => {
      await worker.stop();
      await Promise.all([api.close(), database.close()]);
    },
  };
}

function keep(samples: Samples | null, name: string, ms: number): void {
  if (samples !== null) (samples.ms[name] ??= []).push(ms);
}
