import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';

const ASKED_ENTRY = `SELECT data -> 'task' ->> 'instanceId' AS asked FROM task_events WHERE task_id = $1 AND seq = 1`;

/** Where a task was asked to enter when it was submitted; null if that was left to Hopper. */
export async function askedEntry(
  sequelize: Sequelize,
  transaction: Transaction,
  taskId: string,
): Promise<string | null> {
  const [row] = await sequelize.query<{ asked: string | null }>(ASKED_ENTRY, {
    bind: [taskId],
    transaction,
    type: QueryTypes.SELECT,
  });
  return row?.asked ?? null;
}
