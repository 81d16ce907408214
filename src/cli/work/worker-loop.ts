import type { ClaimResponse } from '../../domain/lease.schema.ts';
import { type AttemptNeeds, runAttempt } from './attempt.ts';
import { claimNext, type Wish } from './claim-next.ts';

/** What a worker does, and until when. */
export interface LoopNeeds extends AttemptNeeds {
  readonly wish: Wish;
  readonly concurrency: number;
  /** Infinity: until it is stopped. */
  readonly maxTasks: number;
  /** No more claims; what runs is finished. */
  readonly stop: AbortSignal;
}

/** Claims tasks while a slot is free and runs them; ends when nothing runs any more. Throws what makes going on useless. */
export async function workLoop(needs: LoopNeeds): Promise<void> {
  const loop = new Loop(needs);
  try {
    await loop.claim();
  } finally {
    await loop.finish();
  }
  loop.throwFailure();
}

class Loop {
  readonly #needs: LoopNeeds;
  readonly #running = new Map<number, Promise<void>>();
  readonly #broken = new AbortController();
  readonly #stop: AbortSignal;
  #waiting: string | null = null;
  #wake: () => void = () => undefined;

  constructor(needs: LoopNeeds) {
    this.#needs = needs;
    this.#stop = AbortSignal.any([needs.stop, this.#broken.signal]);
    needs.stop.addEventListener('abort', () => {
      needs.report({ event: 'draining', running: this.#running.size });
    });
    this.#stop.addEventListener('abort', () => {
      this.#wake();
    });
    needs.force.addEventListener('abort', () => {
      needs.report({ event: 'terminating', running: this.#running.size });
    });
  }

  async claim(): Promise<void> {
    const { client, wish, concurrency, maxTasks } = this.#needs;
    const onWaiting = (reason: string): void => {
      this.#tellWaiting(reason);
    };
    for (let taken = 0; taken < maxTasks; taken += 1) {
      await this.#untilFree(concurrency);
      const claimed = await claimNext({ client, wish, stop: this.#stop, onWaiting });
      if (claimed === null) return;
      this.#waiting = null;
      this.#start(claimed);
    }
  }

  async finish(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  throwFailure(): void {
    this.#broken.signal.throwIfAborted();
  }

  async #untilFree(concurrency: number): Promise<void> {
    while (this.#running.size >= concurrency && !this.#stop.aborted) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #start(claimed: ClaimResponse): void {
    const slot = this.#freeSlot();
    const run = runAttempt(this.#needs, claimed, slot)
      .catch((error: unknown) => {
        this.#broken.abort(error);
      })
      .finally(() => {
        this.#running.delete(slot);
        this.#wake();
      });
    this.#running.set(slot, run);
  }

  #freeSlot(): number {
    let slot = 1;
    while (this.#running.has(slot)) slot += 1;
    return slot;
  }

  /** Said once for each reason in a row, not at every poll. */
  #tellWaiting(reason: string): void {
    if (this.#waiting === reason) return;
    this.#waiting = reason;
    this.#needs.report({ event: 'waiting', reason });
  }
}
