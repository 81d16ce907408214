/** The wish to stop: a signal for what can be broken off, and how often it was said. */
export interface StopSignals {
  readonly signal: AbortSignal;
  release(): void;
}

/** Ctrl-C, SIGTERM or a closed terminal ask to stop; each further one is handed to `onInsist` with its number. */
export function listenForStop(onInsist: (times: number) => void): StopSignals {
  const controller = new AbortController();
  let times = 0;
  const ask = (): void => {
    times += 1;
    if (times === 1) controller.abort(new Error('stopped'));
    else onInsist(times);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, ask);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, ask);
    },
  };
}
