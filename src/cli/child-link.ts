/** What a part tells the process that started it, over IPC. */
export interface ReadyMessage {
  readonly kind: 'ready';
  readonly url?: string;
}

/** Says to whoever started this process, if somebody did, that it can be used now. */
export function announceReady(message: Omit<ReadyMessage, 'kind'> = {}): void {
  // Whoever started this process may be gone by now: `untilStopped` hears that, and nothing else is to come of it.
  process.send?.({ kind: 'ready', ...message }, undefined, undefined, () => undefined);
}

/**
 * Resolves when this process is told to stop: SIGTERM, Ctrl-C, or the end of the process that started it.
 * With such a parent, Ctrl-C is left to it, or a terminal would stop everything at once and in no order.
 */
export async function untilStopped(): Promise<void> {
  const hasParent = process.connected;
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGHUP', stop);
    process.on('SIGINT', () => {
      if (!hasParent) stop();
    });
    if (hasParent) process.once('disconnect', stop);
  });
}

/** The channel to the parent would keep a finished process alive. */
export function releaseParent(): void {
  if (process.connected) process.disconnect();
}
