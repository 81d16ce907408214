import { setTimeout as sleep } from 'node:timers/promises';

interface Held {
  readonly id: string;
  readonly title: string;
  readonly step: number;
}

export interface HeldWatchOptions {
  readonly records: {
    marker(): Promise<string>;
    pages(): AsyncIterable<readonly Held[]>;
    wouldRoute(taskId: string): Promise<boolean>;
  };
  readonly release: (task: Held) => Promise<void>;
  readonly everyMs: number;
  readonly onProblem: (error: unknown) => void;
}

const AT_ONCE = 4;
const LONGEST_PAUSE_MS = 60_000;

/** Looks through the held tasks at start-up and after every change of the policy or the instances (rule R9). */
export async function watchHeldTasks(options: HeldWatchOptions, stop: AbortSignal): Promise<void> {
  let seen: string | null = null;
  let pauseMs = options.everyMs;
  while (!stop.aborted) {
    try {
      const marker = await options.records.marker();
      if (marker !== seen) await lookThrough(options, stop);
      seen = marker;
      pauseMs = options.everyMs;
    } catch (error) {
      options.onProblem(error);
      pauseMs = Math.min(pauseMs * 2, Math.max(LONGEST_PAUSE_MS, options.everyMs));
    }
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** A task that fails does not keep the others from their turn, but the whole is done again later. */
async function lookThrough({ records, release }: HeldWatchOptions, stop: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  for await (const page of records.pages()) {
    for (let at = 0; at < page.length && !stop.aborted; at += AT_ONCE) {
      const turns = page.slice(at, at + AT_ONCE).map(async (task) => {
        if (await records.wouldRoute(task.id)) await release(task);
      });
      for (const turn of await Promise.allSettled(turns)) if (turn.status === 'rejected') failures.push(turn.reason);
    }
    if (stop.aborted) return;
  }
  if (failures.length > 0) throw new AggregateError(failures, `${String(failures.length)} held tasks were left out`);
}
