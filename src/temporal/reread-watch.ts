import { setTimeout as sleep } from 'node:timers/promises';
import { type PublishedState, type Suspect, diagnose } from '../domain/suspect.ts';
import { isFinal } from '../domain/task.ts';
import { BackOff } from './back-off.ts';

/** What the check reads and remembers of the records. */
export interface SuspectRecords {
  pages(settleSeconds: number): AsyncIterable<readonly Suspect[]>;
  at(taskId: string): Promise<Suspect | null>;
  confirm(seen: readonly Suspect[]): Promise<void>;
}

/** What the check asks of Temporal. */
export interface TaskWorkflows {
  published(taskIds: readonly string[]): Promise<ReadonlyMap<string, PublishedState>>;
  reread(taskId: string): Promise<void>;
  start(task: { readonly id: string; readonly title: string }): Promise<void>;
}

export interface RereadWatchOptions {
  readonly records: SuspectRecords;
  readonly workflows: TaskWorkflows;
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

async function check(
  { records, workflows }: RereadWatchOptions,
  backOff: BackOff,
  page: readonly Suspect[],
): Promise<void> {
  const published = await workflows.published(page.map((suspect) => suspect.id));
  const well: Suspect[] = [];
  for (const suspect of page) {
    const diagnosis = diagnose(suspect, published.get(suspect.id) ?? null, isFinal(suspect.status));
    if (diagnosis === 'well') well.push(suspect);
    if (diagnosis === 'well' || diagnosis === 'leave') backOff.forget(suspect.id);
    else if (backOff.claim(suspect.id, Date.now()))
      await (diagnosis === 'start' ? workflows.start(suspect) : workflows.reread(suspect.id));
  }
  await records.confirm(well);
}
