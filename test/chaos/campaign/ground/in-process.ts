import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { composeApi } from '../../../../src/composition.ts';
import { readSettings } from '../../../../src/config/settings.ts';
import { DomainError, IS_FINAL } from '../../../../src/domain/errors.ts';
import type { HopperService } from '../../../../src/service/hopper-service.ts';
import type { Hopper } from './hopper.ts';

const PATIENCE_MS = 300_000;
const PAUSE_MS = 200;

/** The doors that a scenario opens itself, beside the APIs: under any name, and without a look by anybody. */
export interface OwnDoors {
  readonly service: HopperService;
  readonly temporal: Client;
}

/** Works through doors of this process, which are closed afterwards. */
export async function throughOwnDoors<Result>(
  hopper: Pick<Hopper, 'env' | 'temporalAddress'>,
  work: (doors: OwnDoors) => Promise<Result>,
): Promise<Result> {
  const connection = await Connection.connect({ address: hopper.temporalAddress });
  const api = await composeApi(readSettings(hopper.env));
  const awake = setInterval(() => undefined, 60_000); // servers and children that are waited for do not keep us alive
  try {
    return await work({ service: api.service, temporal: new Client({ connection }) });
  } finally {
    clearInterval(awake);
    await Promise.all([api.close(), connection.close()]);
  }
}

/** As `patiently`, for what the service says itself: "later" is no answer, and the same request is given again. */
export async function answerOf<Answer>(order: () => Promise<Answer>): Promise<Answer> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    try {
      return await order();
    } catch (error) {
      const isLater = error instanceof DomainError && !IS_FINAL[error.code];
      if (!isLater || Date.now() > deadline) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

/** Has one statement done, or several, over a connection of its own. */
export async function query(databaseUrl: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // whoever asks is told
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
