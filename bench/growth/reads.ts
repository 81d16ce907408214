import pino from 'pino';
import { ADMIN } from '../../src/domain/actor.ts';
import { RECONCILE_AFTER_SECONDS } from '../../src/domain/reconcile.ts';
import { createHttpServer } from '../../src/http/server.ts';
import {
  driftedLoads,
  leftParts,
  strayLeases,
  tasksToReconcile,
} from '../../src/persistence/queries/reconcile.query.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { createHeldStore } from '../../src/use-cases/find-held.ts';
import { findOverdue } from '../../src/use-cases/find-overdue.ts';
import { findStopping } from '../../src/use-cases/find-stopping.ts';
import { createSuspectStore } from '../../src/use-cases/find-suspects.ts';
import { createGiveBack } from '../../src/use-cases/give-back.ts';
import type { Ports } from '../../src/use-cases/ports.ts';
import { createSweepLeases } from '../../src/use-cases/sweep-leases.ts';
import type { Tree } from './tree.ts';

/** What is read again and again, by its name. */
export type Reads = Readonly<Record<string, () => Promise<unknown>>>;

const SWEEP_SECONDS = 3;
const SETTLE_SECONDS = 15;
const FIRST = '00000000-0000-0000-0000-000000000000';
const PAGE = 1_000;

/** What a worker looks through by itself; Temporal is asked of nothing, because nothing is wrong. */
export function watchesOf(ports: Ports): Reads {
  const sweep = createSweepLeases(ports, createGiveBack(ports));
  const suspects = createSuspectStore(ports.database);
  const held = createHeldStore(ports);
  const range = { after: FIRST, limit: PAGE, minSeconds: RECONCILE_AFTER_SECONDS };
  return {
    'sweep of the leases (every 3 s)': () => sweep(SWEEP_SECONDS),
    'due times and held tasks (every 3 s)': async () => {
      await through(findOverdue(ports.database));
      await held.marker();
      await through(held.pages());
    },
    'minute check': async () => {
      await through(suspects.pages(SETTLE_SECONDS));
      await through(findStopping(ports.database));
    },
    'look through the records (every 10 min)': async () => {
      for (const find of [tasksToReconcile, leftParts, strayLeases, driftedLoads]) await find(ports.database, range);
    },
  };
}

/** Pages of the API; of those with a filter nothing, or little, is to be found. */
export function pagesOf(service: HopperService, { globalId }: Tree): { reads: Reads; close: () => Promise<void> } {
  const app = createHttpServer({ service, log: pino({ level: 'silent' }), identify: () => ADMIN });
  const page = (url: string) => async (): Promise<void> => {
    const { statusCode } = await app.inject({ url: `/api/v1/${url}` });
    if (statusCode !== 200) throw new Error(`${url} answered ${String(statusCode)}`);
  };
  const reads = {
    'GET /tasks': page('tasks'),
    'GET /tasks?status=completed': page('tasks?status=completed'),
    'GET /tasks?status=failed': page('tasks?status=failed'),
    'GET /tasks?status=queued': page('tasks?status=queued'),
    'GET /tasks?instance_id=…': page(`tasks?instance_id=${globalId}`),
    'GET /tasks?tag=…': page('tasks?tag=rare'),
    'GET /instances/:id/stats': page(`instances/${globalId}/stats`),
    'GET /instances/:id/inbox': page(`instances/${globalId}/inbox`),
  };
  return { reads, close: () => app.close() };
}

async function through(pages: AsyncIterable<readonly unknown[]>): Promise<number> {
  let seen = 0;
  for await (const page of pages) seen += page.length;
  return seen;
}
