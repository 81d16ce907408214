import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { drainIdOf } from '../domain/drain.ts';

interface Stopping {
  readonly id: string;
  readonly name: string;
}

export interface DrainWatchOptions {
  /** Every instance that is stopping, a page at a time. */
  readonly stopping: () => AsyncIterable<readonly Stopping[]>;
  readonly isDraining: (instanceId: string) => Promise<boolean>;
  readonly startDrain: (instance: Stopping) => Promise<void>;
  readonly everyMs: number;
  readonly onProblem: (error: unknown) => void;
}

/** Gives every stopping instance a drain, at start-up and every minute: whoever stopped it may have died before that (rule I5). */
export async function watchForDrains(options: DrainWatchOptions, stop: AbortSignal): Promise<void> {
  const { stopping, isDraining, startDrain, everyMs, onProblem } = options;
  while (!stop.aborted) {
    try {
      for await (const page of stopping())
        for (const instance of page) if (!(await isDraining(instance.id))) await startDrain(instance);
    } catch (error) {
      onProblem(error);
    }
    await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** True while the drain of an instance is open; by the exact id, because the list that visibility gives may be behind. */
export async function isDraining(client: Client, instanceId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(drainIdOf(instanceId)).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
