import { HopperApiError, HopperUnreachableError } from '../../client/api-error.ts';
import type { HopperClient } from '../../client/hopper-client.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { backOffMs } from './back-off.ts';
import { pause } from './pause.ts';

/** What is said when the API goes away, and when it is back. */
export interface AwayNotices {
  away(reason: string): void;
  back(): void;
}

/** One call, that can be broken off. */
export type Ask<Answer> = (client: HopperClient, options: { readonly signal: AbortSignal }) => Promise<Answer>;

/** Calls the API for as long as it takes: an API that is away is waited for, said once; any other "no" is thrown. */
export class PatientClient {
  readonly #connect: () => HopperClient;
  readonly #notices: AwayNotices;
  #client: HopperClient;
  #isAway = false;

  constructor(connect: () => HopperClient, notices: AwayNotices) {
    this.#connect = connect;
    this.#notices = notices;
    this.#client = connect();
  }

  get url(): string {
    return this.#client.url;
  }

  /** Throws the reason of the signal when it comes first; with `tries` it gives up after so many. */
  async call<Answer>(ask: Ask<Answer>, signal: AbortSignal, tries = Infinity): Promise<Answer> {
    for (let tried = 1; ; tried += 1) {
      signal.throwIfAborted();
      try {
        const answer = await ask(this.#client, { signal });
        this.#isBack();
        return answer;
      } catch (error) {
        if (signal.aborted) throw error;
        if (!isPassing(error)) {
          if (error instanceof HopperApiError) this.#isBack();
          throw error;
        }
        this.#wentAway(error);
        if (tried >= tries) throw error;
      }
      await pause(backOffMs(tried - 1, Math.random()), signal);
      this.#reconnect();
    }
  }

  #wentAway(error: unknown): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#notices.away(error instanceof Error ? error.message : String(error));
  }

  #isBack(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#notices.back();
  }

  /** A stack that was started again may have another address. */
  #reconnect(): void {
    try {
      this.#client = this.#connect();
    } catch (error) {
      if (!(error instanceof CliError && error.exitCode === EXIT.unreachable)) throw error;
    }
  }
}

const PASSING: readonly number[] = [408, 429];

/** Nobody answers, somebody who is in trouble, or not Hopper but what stands before it: the next try may fare better. */
function isPassing(error: unknown): boolean {
  if (error instanceof HopperUnreachableError) return true;
  if (!(error instanceof HopperApiError)) return false;
  return error.status >= 500 || PASSING.includes(error.status) || error.code === 'unexpected_answer';
}
