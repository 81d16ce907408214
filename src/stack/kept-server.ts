import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pauses } from './pauses.ts';
import type { Server } from './server.ts';
import { messageOf } from './stack-error.ts';

export interface KeptServerOptions<Running extends Server> {
  title: string;
  logFile: string;
  /** Starts it once more, where and as the one before was. */
  startAgain: (before: Running, signal: AbortSignal) => Promise<Running>;
  /** Hears in a sentence that it ended, could not be started again, or is back; `pid` is the new one by then. */
  onChange: (message: string) => void;
}

/** A running server that is started again whenever it ends, until it is closed. */
export class KeptServer<Running extends Server> {
  readonly #options: KeptServerOptions<Running>;
  readonly #closing = new AbortController();
  readonly #pauses = new Pauses();
  readonly #keeping: Promise<void>;
  #pid: number | null = null;

  constructor(running: Running, options: KeptServerOptions<Running>) {
    this.#options = options;
    this.#keeping = this.#keep(running);
  }

  /** null while it is away. */
  get pid(): number | null {
    return this.#pid;
  }

  /** Stops it, or the attempt to start it again. */
  close(): Promise<void> {
    this.#closing.abort();
    return this.#keeping;
  }

  async #keep(first: Running): Promise<void> {
    const { title, logFile, onChange } = this.#options;
    const closing = once(this.#closing.signal, 'abort');
    for (let running: Running | null = first; running !== null; running = await this.#startAgain(running)) {
      const began = Date.now();
      this.#pid = running.pid;
      if (running !== first && !this.#isClosing()) onChange(`${title} is back`);
      await Promise.race([running.ended, closing]);
      this.#pid = null;
      if (this.#isClosing()) return running.close();
      const pause = this.#pauses.next(Date.now() - began);
      onChange(`${title} ended (${await running.ended}); it is started again in ${seconds(pause)}; log: ${logFile}`);
      await this.#wait(pause);
    }
  }

  /** Tries until it succeeds; null: it was closed meanwhile. */
  async #startAgain(before: Running): Promise<Running | null> {
    const { title, startAgain, onChange } = this.#options;
    let reason = '';
    while (!this.#isClosing()) {
      try {
        await before.close(); // it has ended, but it still holds its folder
        return await startAgain(before, this.#closing.signal);
      } catch (error) {
        if (this.#isClosing()) break;
        const [headline = '', ...details] = messageOf(error).split('\n');
        const isNews = headline !== reason;
        reason = headline;
        const pause = this.#pauses.next();
        const said = [`${title} could not be started again, next attempt in ${seconds(pause)}: ${headline}`];
        onChange([...said, ...(isNews ? details : [])].join('\n'));
        await this.#wait(pause);
      }
    }
    await before.close();
    return null;
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }
}

function seconds(ms: number): string {
  return `${String(ms / 1_000)} s`;
}
