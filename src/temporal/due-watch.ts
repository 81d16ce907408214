import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskWorkflows } from '../domain/suspect.ts';
import { BackOff } from './back-off.ts';

export interface DueWatchOptions {
  /** Every open task whose due time has passed without being on record, a page at a time. */
  readonly pages: () => AsyncIterable<readonly { readonly id: string }[]>;
  readonly workflows: Pick<TaskWorkflows, 'reread'>;
  readonly everyMs: number;
  readonly onProblem: (error: unknown) => void;
}

const AT_ONCE = 10;

/**
 * Every few seconds: makes the workflows of overdue tasks read their rows (rule T6). Beside the sweep of leases, which must
 * not wait for a crowd of tasks that were due at once. A workflow that does not hear is asked less and less often.
 */
export async function watchDueTimes(options: DueWatchOptions, stop: AbortSignal): Promise<void> {
  const backOff = new BackOff();
  while (!stop.aborted) {
    await lookThrough(options, backOff, stop).catch(options.onProblem);
    await sleep(options.everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function lookThrough({ pages, workflows }: DueWatchOptions, backOff: BackOff, stop: AbortSignal): Promise<void> {
  const over = new Set(backOff.due(Date.now()));
  for await (const page of pages()) {
    for (const { id } of page) over.delete(id);
    const asked = page.filter(({ id }) => backOff.claim(id, Date.now()));
    for (let at = 0; at < asked.length && !stop.aborted; at += AT_ONCE)
      await Promise.all(asked.slice(at, at + AT_ONCE).map(({ id }) => workflows.reread(id)));
    if (stop.aborted) return;
  }
  for (const id of over) backOff.forget(id);
}
