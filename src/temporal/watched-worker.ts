import type { Worker } from '@temporalio/worker';

/** `run` ends after `shutdown`. */
export interface WatchedWorker {
  run(): Promise<void>;
  shutdown(): void;
}

/** A worker and its watches, which run for as long as it does. */
export function withWatches(worker: Worker, watch: (stop: AbortSignal) => readonly Promise<void>[]): WatchedWorker {
  const stop = new AbortController();
  return {
    run: async () => {
      const watching = watch(stop.signal);
      await worker.run().finally(() => {
        stop.abort();
      });
      await Promise.all(watching);
    },
    shutdown: () => {
      // Temporal's runtime hears SIGTERM as well, and a worker that is stopping already refuses to be stopped.
      if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}
