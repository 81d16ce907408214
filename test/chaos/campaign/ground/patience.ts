import { setTimeout as sleep } from 'node:timers/promises';
import { HopperApiError, HopperUnreachableError } from '../../../../src/client/hopper-client.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
const LIMIT_MS = 1_200_000;
const TRY_AGAIN = [408, 429, 503];

/**
 * Asks again, as a correct client does, until there is an answer that says what came of it: broken connections and what
 * says "later" are no such answers. An error 500 is one, and no scenario takes it for granted.
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  stopping: AbortSignal,
  onRepeat: (why: string) => void = () => undefined,
): Promise<Answer> {
  const deadline = Date.now() + LIMIT_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (Date.now() > deadline)
        throw new Error('no answer that says what came of it for 20 minutes', { cause: error });
      onRepeat(error instanceof HopperApiError ? error.code : 'unreachable');
    }
    await sleep(pause, undefined, { signal: stopping });
  }
}

/** Nobody knows whether it was done: the same request may be sent again. */
function isPassing(error: unknown): boolean {
  if (error instanceof HopperUnreachableError) return true;
  return error instanceof HopperApiError && TRY_AGAIN.includes(error.status);
}

/** Whether Hopper said no with one of these codes. */
export function isRefusal(error: unknown, ...codes: string[]): error is HopperApiError {
  return error instanceof HopperApiError && codes.includes(error.code);
}
