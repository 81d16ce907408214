import type { Reads } from '../persistence/queries/reads.ts';
import type { Readiness } from './hopper-service.ts';
import type { TaskGateway } from './task-gateway.ts';

/** Asks both servers whether they answer. */
export function createReadiness(
  reads: Pick<Reads, 'ping'>,
  gateway: Pick<TaskGateway, 'ping'>,
): () => Promise<Readiness> {
  return async () => {
    const [database, temporal] = await Promise.all([answerOf(reads.ping()), answerOf(gateway.ping())]);
    return { isReady: database === 'ok' && temporal === 'ok', database, temporal };
  };
}

async function answerOf(ping: Promise<void>): Promise<string> {
  return ping.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : 'does not answer'),
  );
}
