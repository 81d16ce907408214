import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskWorkflows } from '../domain/suspect.ts';

export interface LeaseSweepOptions {
  /** Ends lapsed leases; answers the tasks whose attempts are used up, and those that may take a slot at a push instance. */
  readonly sweep: (
    everySeconds: number,
  ) => Promise<{ readonly exhausted: readonly string[]; readonly pushable: readonly string[] }>;
  readonly workflows: Pick<TaskWorkflows, 'reread'>;
  readonly everyMs: number;
  readonly onProblem: (error: unknown) => void;
}

/** Every few seconds: ends lapsed leases, and makes the workflows read their rows that have to say what comes next (design §7). */
export async function sweepLeases(options: LeaseSweepOptions, stop: AbortSignal): Promise<void> {
  const { sweep, workflows, everyMs, onProblem } = options;
  while (!stop.aborted) {
    try {
      const { exhausted, pushable } = await sweep(everyMs / 1_000);
      for (const taskId of [...exhausted, ...pushable]) await workflows.reread(taskId);
    } catch (error) {
      onProblem(error);
    }
    await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
