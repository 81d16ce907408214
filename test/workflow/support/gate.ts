import type { Call, FakeRow } from './fake-row.ts';

/** A step that is held in the middle. */
export interface Held {
  /** Resolves when the workflow has come to the step. */
  readonly reached: Promise<void>;
  readonly release: () => void;
}

/** Holds the next run of a step, before or after its write, until it is released. */
export function holdNext(row: FakeRow, step: Call['step'], moment: 'before' | 'after' = 'before'): Held {
  const reached = aPromise();
  const released = aPromise();
  const rest = row.around;
  row.around = async (call, proceed) => {
    if (call.step !== step) return rest(call, proceed);
    row.around = rest;
    const written = moment === 'after' ? await rest(call, proceed) : null;
    reached.resolve();
    await released.promise;
    return written ?? rest(call, proceed);
  };
  return { reached: reached.promise, release: released.resolve };
}

/** A promise, and who resolves it. */
export function aPromise(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return {
    promise,
    resolve: () => {
      resolve();
    },
  };
}
