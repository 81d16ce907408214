import { setTimeout as sleep } from 'node:timers/promises';
import { HopperApiError, HopperUnreachableError } from './api-error.ts';

const PAUSES_MS = [200, 600, 1_800];
const PASSING: readonly number[] = [408, 503];

/** Repeats what is safe to repeat after a broken connection, a 408 or a 503, a few times, with growing pauses. */
export async function retrying<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
  for (const pause of PAUSES_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(pause);
    }
  }
  return attempt();
}

function isPassing(error: unknown): boolean {
  if (error instanceof HopperUnreachableError) return true;
  return error instanceof HopperApiError && PASSING.includes(error.status);
}
