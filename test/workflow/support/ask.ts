import { isGrpcServiceError } from '@temporalio/client';
import type { TaskHandle } from './bench.ts';

const DEADLINE_EXCEEDED = '4 DEADLINE_EXCEEDED';
const TRIES = 4;

/** Asks a query. A query is kept nowhere: one that no worker took in time is asked again. */
export async function ask<Answer>(handle: TaskHandle, query: string): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await handle.query<Answer>(query);
    } catch (error) {
      if (tries === TRIES || !wasNotTaken(error)) throw error;
    }
  }
}

function wasNotTaken(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) && cause.message.startsWith(DEADLINE_EXCEEDED);
}
