import { setTimeout as sleep } from 'node:timers/promises';
import { HopperApiError, HopperUnreachableError } from './api-error.ts';

const PAUSES_MS = [200, 600, 1_800];

/** Repeats what is safe to repeat after a broken connection or a 503, a few times, with growing pauses. */
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
  return error instanceof HopperUnreachableError || (error instanceof HopperApiError && error.status === 503);
}
