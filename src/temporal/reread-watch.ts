import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnosed, Suspect } from '../domain/suspect.ts';
import { BackOff } from './back-off.ts';

/** What the check reads of the records. */
export interface SuspectRecords {
  pages(settleSeconds: number): AsyncIterable<readonly Suspect[]>;
  at(taskId: string): Promise<Suspect | null>;
}

export interface RereadWatchOptions {
  readonly records: SuspectRecords;
  /** Looks at the workflows of suspects, and asks those that may be asked now. */
  readonly mend: (page: readonly Suspect[], mayAsk: (taskId: string) => boolean) => Promise<readonly Diagnosed[]>;
  readonly everyMs: number;
  readonly settleSeconds: number;
  readonly onProblem: (error: unknown) => void;
}

const LOOK_AGAIN_MS = 1_000;

/** Finds workflows that missed a committed write, at start-up and every minute, and makes them read the row again (law 2). */
export async function watchForRereads(options: RereadWatchOptions, stop: AbortSignal): Promise<void> {
  const backOff = new BackOff();
  let nextScanAt = 0;
  while (!stop.aborted) {
    try {
      if (Date.now() >= nextScanAt) {
        nextScanAt = Date.now() + options.everyMs;
        for await (const page of options.records.pages(options.settleSeconds)) await check(options, backOff, page);
      }
      await checkAgain(options, backOff);
    } catch (error) {
      options.onProblem(error);
    }
    await sleep(Math.min(LOOK_AGAIN_MS, options.everyMs), undefined, { signal: stop }).catch(() => undefined);
  }
}

async function checkAgain(options: RereadWatchOptions, backOff: BackOff): Promise<void> {
  for (const taskId of backOff.due(Date.now())) {
    const suspect = await options.records.at(taskId);
    if (suspect === null) backOff.forget(taskId);
    else await check(options, backOff, [suspect]);
  }
}

async function check({ mend }: RereadWatchOptions, backOff: BackOff, page: readonly Suspect[]): Promise<void> {
  const diagnosed = await mend(page, (taskId) => backOff.claim(taskId, Date.now()));
  for (const { suspect, diagnosis } of diagnosed)
    if (diagnosis === 'well' || diagnosis === 'leave') backOff.forget(suspect.id);
}
