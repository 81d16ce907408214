import { setTimeout as sleep } from 'node:timers/promises';
import { Pauses } from '../../stack/pauses.ts';
import type { ReadyMessage } from '../child-link.ts';
import { type Child, type ChildSpec, startChild } from './child.ts';

const STOP_PATIENCE_MS = 20_000;

/** What the supervisor is told about a part that it keeps alive. */
export interface Watcher {
  /** After a restart: the part is there again. */
  onBack(ready: ReadyMessage): void;
  say(message: string): void;
}

/** A part that is started again whenever it ends, until it is stopped. */
export class KeptAlive {
  readonly #spec: ChildSpec;
  readonly #watcher: Watcher;
  readonly #stopping = new AbortController();
  #launched: Promise<Child | null> = Promise.resolve(null);
  #child: Child | null = null;
  #watching: Promise<void> = Promise.resolve();
  #env: Readonly<Record<string, string | undefined>>;

  constructor(spec: ChildSpec, watcher: Watcher) {
    this.#spec = spec;
    this.#watcher = watcher;
    this.#env = spec.env;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts it for the first time; a first start that fails is not tried again. */
  async start(): Promise<ReadyMessage> {
    const { ready } = await this.#launch(this.#spec);
    return ready;
  }

  /** From now on it is kept alive; `env` is what later starts need besides (a port that was any free one before). */
  watch(env: Readonly<Record<string, string>> = {}): void {
    this.#env = { ...this.#spec.env, ...env };
    this.#watching = this.#keepAlive();
  }

  /** Asks it to end, then insists; it is not started again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = await this.#launched;
    if (child !== null) {
      child.kill('SIGTERM');
      const insist = setTimeout(() => {
        child.kill('SIGKILL');
      }, STOP_PATIENCE_MS);
      await child.ended;
      clearTimeout(insist);
    }
    await this.#watching;
  }

  /** Ends it at once. */
  force(): void {
    this.#child?.kill('SIGKILL');
  }

  async #keepAlive(): Promise<void> {
    const pauses = new Pauses();
    while (this.#child !== null) {
      const began = Date.now();
      const { code, signal } = await this.#child.ended;
      if (this.#isStopping()) return;
      const pause = pauses.next(Date.now() - began);
      const how = signal ?? `exit code ${String(code)}`;
      this.#watcher.say(
        `\`hopper ${this.#spec.command}\` ended (${how}); it is started again in ${String(pause / 1_000)} s; log: ${this.#spec.logFile}`,
      );
      await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#isStopping()) return;
      await this.#startAgain();
    }
  }

  async #startAgain(): Promise<void> {
    const child = await this.#launch({ ...this.#spec, env: this.#env });
    child.ready.then(
      (ready) => {
        this.#watcher.say(`\`hopper ${this.#spec.command}\` is back`);
        this.#watcher.onBack(ready);
      },
      () => undefined, // it ended again: the loop sees that
    );
  }

  /** Remembered before it is there, so that a stop in the meantime finds it. */
  async #launch(spec: ChildSpec): Promise<Child> {
    const launched = startChild(spec);
    this.#launched = launched;
    this.#child = await launched;
    return this.#child;
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}
