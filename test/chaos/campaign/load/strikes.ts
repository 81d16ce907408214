import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load.ts';

/** What is done again and again while there is work. */
export type Strike = (no: number) => Promise<void>;

const LOOK_EVERY_MS = 50;

/** Strikes so many times, evenly over the work, whatever that takes; answers how often before the work was done. */
export async function strikeAlong(load: Load, times: number, strike: Strike, stopping: AbortSignal): Promise<number> {
  for (let no = 1; no <= times; no += 1) {
    while (load.progress() < no / (times + 1)) {
      if (load.isDone()) return no - 1;
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping });
    }
    await strike(no);
  }
  return times;
}

/** Strikes every so often until the work is done, at most so many times; answers how often. */
export async function strikeEvery(
  load: Load,
  { everyMs, most = Infinity }: { readonly everyMs: number; readonly most?: number },
  strike: Strike,
  stopping: AbortSignal,
): Promise<number> {
  for (let no = 1; no <= most; no += 1) {
    await sleep(everyMs, undefined, { signal: stopping });
    if (load.isDone()) return no - 1;
    await strike(no);
  }
  return most;
}
