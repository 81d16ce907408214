import { listenForStop } from '../up/stop-signals.ts';

/** The wish to stop, said up to three times. */
export interface WorkSignals {
  /** No new tasks; what runs is finished. */
  readonly stop: AbortSignal;
  /** End what runs and give the tasks back. */
  readonly force: AbortSignal;
  /** And wait for nothing. */
  readonly impatience: AbortSignal;
  release(): void;
}

/** Ctrl-C, SIGTERM and a closed terminal each count as one more word. */
export function listenToWorkSignals(): WorkSignals {
  const force = new AbortController();
  const impatience = new AbortController();
  const asked = listenForStop((times) => {
    if (times === 2) force.abort(new Error('stopped'));
    else impatience.abort(new Error('stopped'));
  });
  return {
    stop: asked.signal,
    force: force.signal,
    impatience: impatience.signal,
    release: () => {
      asked.release();
    },
  };
}
