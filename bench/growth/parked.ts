import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryTypes, type Sequelize } from 'sequelize';
import { composeApi, migrateDatabase } from '../../src/composition.ts';
import { readSettings } from '../../src/config/settings.ts';
import { TaskCreate } from '../../src/domain/task.schema.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { by } from '../drain/fleet.ts';
import { quantile } from '../figures.ts';
import type { OwnPlace } from '../own-database.ts';
import { park } from '../parked/park.ts';
import { type WorkerProcess, startWorker } from '../parked/worker-process.ts';
import { TEMPORAL_FOLDER } from './servers.ts';
import { type TableSizes, bytesPerTask, tableSizes, temporalBytes } from './sizes.ts';
import { environmentOf } from './stand.ts';
import { WORK, plantTree } from './tree.ts';

/** How it is with so many tasks that are offered, and wait for an accept. */
export interface ParkedStep {
  readonly parked: number;
  /** Of each task in Hopper's database, by table, since nothing was parked. */
  readonly bytesPerTask: TableSizes;
  readonly temporalBytesPerTask: number;
  readonly workerMegabytes: number;
  /** From the start of a worker's process to its first decision. */
  readonly restartSeconds: number;
  /** From the request to the answer, of tasks that the worker has to read from their histories; p50. */
  readonly acceptMs: number;
}

export interface ParkedPlan {
  readonly sizes: readonly number[];
  readonly accepts: number;
}

const PROJECTS = 10;
const BODY = TaskCreate.parse({
  title: WORK.title,
  tags: [...WORK.tags],
  estimated_duration: WORK.estimatedDuration,
});
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 300_000;

/** Lets more and more tasks wait, each with its workflow, and looks at what they take at every size. */
export async function measureParked(
  place: OwnPlace,
  temporalAddress: string,
  plan: ParkedPlan,
): Promise<readonly ParkedStep[]> {
  const env = environmentOf(place.databaseUrl, temporalAddress, 'default');
  const settings = readSettings(env);
  await migrateDatabase(settings);
  const api = await composeApi(settings);
  const database = openDatabase(place.databaseUrl, { maxConnections: 2, isPatient: true });
  let worker = startWorker(env);
  try {
    await plantTree(database, PROJECTS, 'manual');
    await park(api.service, database, 1, place.stopping, BODY); // what the first of all makes is not what each takes
    const empty = await weigh(place, database);
    const steps: ParkedStep[] = [];
    let parked = 0;
    for (const size of plan.sizes) {
      place.progress(`letting ${String(size)} tasks wait`);
      await park(api.service, database, size - parked, place.stopping, BODY);
      const { tables, temporal } = await weigh(place, database);
      const workerMegabytes = await worker.memory();
      await worker.stop();
      const again = await restart(env, api.service, place.stopping);
      worker = again.worker;
      steps.push({
        parked: size,
        bytesPerTask: bytesPerTask(empty.tables, tables, size),
        temporalBytesPerTask: (temporal - empty.temporal) / size,
        workerMegabytes,
        restartSeconds: again.seconds,
        acceptMs: await acceptTimes(api.service, database, plan.accepts),
      });
      parked = size + 1 - plan.accepts;
    }
    return steps;
  } finally {
    await worker.stop();
    await Promise.all([api.close(), database.close()]);
  }
}

async function weigh({ folder }: OwnPlace, database: Sequelize): Promise<{ tables: TableSizes; temporal: number }> {
  return { tables: await tableSizes(database), temporal: await temporalBytes(join(folder, TEMPORAL_FOLDER)) };
}

/** Submits a task that no worker is there for, then starts one. */
async function restart(
  env: Readonly<Record<string, string>>,
  service: HopperService,
  stopping: AbortSignal,
): Promise<{ worker: WorkerProcess; seconds: number }> {
  const { task } = await service.tasks.submit(BODY, by());
  const began = performance.now();
  const worker = startWorker(env);
  try {
    while ((await service.tasks.get(task.id)).status === 'routing') {
      if (performance.now() - began > PATIENCE_MS) throw new Error('no decision after the restart');
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping });
    }
    return { worker, seconds: (performance.now() - began) / 1_000 };
  } catch (error) {
    await worker.stop();
    throw error;
  }
}

const OLDEST = "SELECT id FROM task_delegations WHERE status = 'pending' ORDER BY delegated_at LIMIT $1";

async function acceptTimes(service: HopperService, database: Sequelize, accepts: number): Promise<number> {
  const options = { bind: [accepts], type: QueryTypes.SELECT as const };
  const times: number[] = [];
  for (const { id } of await database.query<{ id: string }>(OLDEST, options)) {
    const began = performance.now();
    await service.delegations.accept(id, null, by());
    times.push(performance.now() - began);
  }
  return quantile(times, 0.5);
}
