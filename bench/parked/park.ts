import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryTypes, type Sequelize } from 'sequelize';
import { ADMIN } from '../../src/domain/actor.ts';
import type { Scope } from '../../src/domain/instance.ts';
import { TaskCreate } from '../../src/domain/task.schema.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';

const AT_ONCE = 16;
const LOOK_EVERY_MS = 250;
/** Tasks are carried at some forty a second; this is for a machine that has other work. */
const SECONDS_PER_TASK = 0.5;
const FIRST_SECONDS = 60;

const context = () => ({ actor: ADMIN, requestId: randomUUID() });

/** A Global and a project that does everything itself. */
export async function plantProject({ instances }: HopperService): Promise<void> {
  let parentId: string | null = null;
  for (const scope of ['global', 'project'] satisfies Scope[]) {
    const config = scope === 'project' ? { orchestration_threshold: 1_000_000 } : {};
    const made = await instances.create({ name: scope, scope, parent_id: parentId, config }, context());
    await instances.move(made.id, 'start', context());
    parentId = made.id;
  }
}

/** Submits so many tasks more, and waits until all of them wait for somebody and their workflows have nothing to do. */
export async function park(
  service: HopperService,
  database: Sequelize,
  more: number,
  stopping: AbortSignal,
  body: TaskCreate = TaskCreate.parse({ title: 'parked' }),
): Promise<void> {
  let left = more;
  const submitter = async (): Promise<void> => {
    while (left > 0 && !stopping.aborted) {
      left -= 1;
      await service.tasks.submit(body, context());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitter));
  const until = Date.now() + (FIRST_SECONDS + more * SECONDS_PER_TASK) * 1_000;
  while ((await unsettled(database)) > 0) {
    if (Date.now() > until) throw new Error('the worker does not get the tasks to rest');
    await sleep(LOOK_EVERY_MS, undefined, { signal: stopping });
  }
}

async function unsettled(database: Sequelize): Promise<number> {
  const sql = "SELECT count(*)::int AS count FROM tasks WHERE status = 'routing'";
  const [row] = await database.query<{ count: number }>(sql, { type: QueryTypes.SELECT });
  return row?.count ?? 0;
}
