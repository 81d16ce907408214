const NOTHING = Buffer.alloc(0);

/** What a program wrote, without ever holding much of it: the whole while it is short, its end, and its length. */
export class BoundedOutput {
  readonly #limit: number;
  readonly #tailLimit: number;
  #chunks: Buffer[] = [];
  #tail: Buffer = NOTHING;
  #length = 0;

  constructor(limit: number, tailLimit: number) {
    this.#limit = limit;
    this.#tailLimit = tailLimit;
  }

  add(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= this.#limit) this.#chunks.push(chunk);
    else this.#chunks = [];
    const end = chunk.subarray(-this.#tailLimit);
    this.#tail = Buffer.concat([this.#tail, end]).subarray(-this.#tailLimit);
  }

  /** In bytes, of all that was written. */
  get length(): number {
    return this.#length;
  }

  /** All of it, or null if it was more than the limit. */
  whole(): Buffer | null {
    return this.#length <= this.#limit ? Buffer.concat(this.#chunks) : null;
  }

  /** The last bytes, at most so many as the limit of the tail. */
  tail(): Buffer {
    return this.#tail;
  }
}
