import { setTimeout as sleep } from 'node:timers/promises';
import type { Hands } from './lives.ts';

export interface NextHopPlan {
  readonly decisions: number;
  readonly perSecond: number;
}

/** How long after a decision the next hop can be read in the database: since it was sent, and since its answer. */
export interface NextHopTimes {
  readonly sinceSent: readonly number[];
  /** 0 where the offer could be read before the answer was there. */
  readonly sinceAnswer: readonly number[];
}

const SUBMITTED_AT_ONCE = 16;

/** Accepts first offers at a steady rate, whatever the answers take. The tasks are offered before, and completed after. */
export async function measureNextHop(plan: NextHopPlan, hands: Hands): Promise<NextHopTimes> {
  const offered = await inBatches(plan.decisions, () => offerOne(hands));
  const began = performance.now();
  const made = offered.map(async ({ taskId, offer }, at) => {
    await sleep(Math.max(0, began + (at * 1_000) / plan.perSecond - performance.now()));
    return decideOne(hands, taskId, offer);
  });
  const decided = await Promise.all(made);
  const left = decided.values();
  await inBatches(plan.decisions, () => finishOne(hands, left.next().value));
  return {
    sinceSent: decided.map(({ sent, seen }) => seen - sent),
    sinceAnswer: decided.map(({ answered, seen }) => Math.max(0, seen - answered)),
  };
}

interface Decided {
  readonly taskId: string;
  readonly next: string;
  readonly sent: number;
  readonly answered: number;
  readonly seen: number;
}

async function offerOne({ door, watch }: Hands): Promise<{ taskId: string; offer: string }> {
  const taskId = await door.submit('manual');
  return { taskId, offer: await watch.until(taskId, 'offer 0') };
}

async function decideOne({ door, watch }: Hands, taskId: string, offer: string): Promise<Decided> {
  const sent = performance.now();
  const seen = watch.until(taskId, 'offer 1').then((next) => ({ next, at: performance.now() }));
  const [answered, { next, at }] = await Promise.all([
    door.accept(taskId, 0, offer).then(() => performance.now()),
    seen,
  ]);
  return { taskId, next, sent, answered, seen: at };
}

async function finishOne({ door, watch }: Hands, task: Decided | undefined): Promise<void> {
  if (task === undefined) return;
  await door.accept(task.taskId, 1, task.next);
  await watch.until(task.taskId, 'queued');
  await door.complete(task.taskId);
}

async function inBatches<Result>(count: number, one: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let begun = 0;
  const runner = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      results.push(await one());
    }
  };
  await Promise.all(Array.from({ length: SUBMITTED_AT_ONCE }, runner));
  return results;
}
