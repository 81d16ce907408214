const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const STEADY_MS = 60_000;

/** How long to wait before something that ends by itself is started again: longer each time, until it has run steadily. */
export class Pauses {
  #nextMs = FIRST_MS;

  next(ranForMs = 0): number {
    const pause = ranForMs > STEADY_MS ? FIRST_MS : this.#nextMs;
    this.#nextMs = Math.min(pause * 2, LONGEST_MS);
    return pause;
  }
}
