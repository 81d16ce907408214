import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so long, or until the signal; never throws. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Resolves when one of the signals comes, at once if one has come; `over` ends the watch, so that nothing is left of it. */
export async function untilAny(signals: readonly AbortSignal[], over: AbortSignal): Promise<void> {
  if (signals.some(({ aborted }) => aborted)) return;
  await new Promise<void>((resolve) => {
    const come = (): void => {
      resolve();
    };
    for (const signal of signals) signal.addEventListener('abort', come, { once: true, signal: over });
  });
}
