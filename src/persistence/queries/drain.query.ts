import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { TaskCount } from '../../domain/drain.ts';

/** What is open at an instance or offered to it; what is held where it entered stays there also when that stops. */
const HERE = `
  WITH here AS (
    SELECT id, status, coalesce(blocked_on = 'held', false) AND entry_instance_id = instance_id AS stays
    FROM tasks
    WHERE instance_id = $1 AND status IN ('routing', 'offered', 'queued', 'in_progress', 'waiting', 'blocked')
    UNION ALL
    SELECT t.id, t.status, false FROM task_delegations d JOIN tasks t ON t.id = d.task_id
    WHERE d.target_instance_id = $1 AND d.status = 'pending'
  )`;

const TO_LEAVE = `${HERE} SELECT id FROM here WHERE NOT stays AND id > $2::uuid ORDER BY id LIMIT $3`;

const LEFT = `${HERE} SELECT status, count(*)::int AS count FROM here WHERE NOT stays GROUP BY status ORDER BY status`;

const OPEN = `${HERE} SELECT count(*)::int AS count FROM here`;

const STOPPING = `
  SELECT id, name FROM hopper_instances WHERE status = 'stopping' AND id > $1::uuid ORDER BY id LIMIT $2`;

/** One page of the tasks that have to leave an instance, by their ids. */
export async function tasksToLeave(
  sequelize: Sequelize,
  { instanceId, after, limit }: { readonly instanceId: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const bind = [instanceId, after, limit];
  const rows = await sequelize.query<{ id: string }>(TO_LEAVE, { bind, type: QueryTypes.SELECT });
  return rows.map((row) => row.id);
}

/** How many tasks still have to leave an instance, by their status. */
export async function tasksLeft(
  sequelize: Sequelize,
  transaction: Transaction | null,
  instanceId: string,
): Promise<readonly TaskCount[]> {
  return sequelize.query<TaskCount>(LEFT, { bind: [instanceId], type: QueryTypes.SELECT, transaction });
}

/** How many open tasks an instance has to do with, those that are held there too. */
export async function countOpenTasks(
  sequelize: Sequelize,
  transaction: Transaction | null,
  instanceId: string,
): Promise<number> {
  const options = { bind: [instanceId], type: QueryTypes.SELECT as const, transaction };
  const [row] = await sequelize.query<{ count: number }>(OPEN, options);
  return row?.count ?? 0;
}

/** One page of the instances that are stopping. */
export async function stoppingInstances(
  sequelize: Sequelize,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return sequelize.query<{ id: string; name: string }>(STOPPING, { bind: [after, limit], type: QueryTypes.SELECT });
}
