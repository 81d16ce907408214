import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../own-database.ts';
import type { CaseName } from './cases.ts';
import { type Cell, LIFE, measureCell, measureNextHops, withHands } from './cell.ts';
import { CONTENDERS, type Contender, type ContenderName } from './contender.ts';
import type { NextHopTimes } from './next-hop.ts';
import type { Plan } from './plan.ts';
import {
  type CaseReport,
  figuresOf,
  forEachContender,
  measuredCase,
  nextHopFiguresOf,
  orderOf,
  timedCase,
} from './report.ts';
import { takeSample } from './sample.ts';
import type { Servers } from './servers.ts';

export interface MeasureNeeds {
  readonly plan: Plan;
  readonly contenders: ReadonlyMap<ContenderName, Contender>;
  readonly servers: Servers;
  readonly progress: Progress;
  readonly stopping: AbortSignal;
}

/** One round of one contender may take so long. */
const CELL_MS = 120_000;
const WARM_UP = 0.25;

/** Measures a case with both of its floors; what fails is told as its failure. */
export async function measureCase(name: CaseName, needs: MeasureNeeds): Promise<CaseReport> {
  try {
    return name === 'f' ? await timed(name, needs) : await measured(name, needs);
  } catch (error) {
    needs.stopping.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    needs.progress(`(${name}) failed: ${reason}`);
    return { name, status: 'failed', reason };
  }
}

async function measured(name: Exclude<CaseName, 'f'>, needs: MeasureNeeds): Promise<CaseReport> {
  const { plan, servers, progress } = needs;
  const tasks = plan.tasksOf(name);
  progress(`(${name}) counting`);
  const samples = await forEachContender((who) =>
    within(needs, `(${name}) ${who}`, async () => {
      const contender = needed(needs, who);
      const warmUp = { tasks: Math.ceil(tasks * WARM_UP), concurrency: plan.concurrency };
      await measureCell(name, warmUp, contender, servers);
      return withHands(name, contender, servers, (hands) =>
        takeSample(plan.sampled, LIFE[name], { ...servers, contender, hands }),
      );
    }),
  );
  const cells = await inRounds(name, needs, (contender) =>
    measureCell(name, { tasks, concurrency: plan.concurrency }, contender, servers),
  );
  const figures = await forEachContender((who) => Promise.resolve(figuresOf(cells[who], samples[who])));
  return measuredCase(name, figures);
}

async function timed(name: 'f', needs: MeasureNeeds): Promise<CaseReport> {
  const decisions = needs.plan.tasksOf(name);
  const rounds = await inRounds<NextHopTimes>(name, needs, (contender) =>
    measureNextHops(decisions, contender, needs.servers),
  );
  return timedCase(name, await forEachContender((who) => Promise.resolve(nextHopFiguresOf(rounds[who]))));
}

/** The contenders take turns, and who begins changes. */
async function inRounds<Result = Cell>(
  name: CaseName,
  needs: MeasureNeeds,
  once: (contender: Contender) => Promise<Result>,
): Promise<Record<ContenderName, Result[]>> {
  const results: Record<ContenderName, Result[]> = { hopper: [], floor: [], bareFloor: [] };
  for (let round = 0; round < needs.plan.rounds; round += 1) {
    needs.progress(`(${name}) round ${String(round + 1)} of ${String(needs.plan.rounds)}`);
    for (const who of orderOf(round)) {
      results[who].push(await within(needs, `(${name}) ${who}`, () => once(needed(needs, who))));
    }
  }
  return results;
}

function needed({ contenders }: MeasureNeeds, name: ContenderName): Contender {
  const contender = contenders.get(name);
  if (contender === undefined) throw new Error(`there is no ${name} among ${CONTENDERS.join(', ')}`);
  return contender;
}

/** Ends what takes too long, or was stopped: what it waits for would never come. */
async function within<Result>({ stopping }: MeasureNeeds, what: string, work: () => Promise<Result>): Promise<Result> {
  stopping.throwIfAborted();
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, stopping]);
  const late = sleep(CELL_MS, undefined, { signal }).then((): never => {
    throw new Error(`${what} took more than ${String(CELL_MS / 1_000)} seconds`);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    over.abort();
    await late.catch(() => undefined);
  }
}
