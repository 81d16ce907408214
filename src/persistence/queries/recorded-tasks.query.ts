import { Op, QueryTypes, type Transaction } from 'sequelize';
import type { Delegation } from '../../domain/delegation.ts';
import type { TaskEvent } from '../../domain/task-event.ts';
import type { Task } from '../../domain/task.ts';
import { toDelegation } from '../models/delegation.model.ts';
import type { Models } from '../models/models.ts';
import { toTask } from '../models/task.model.ts';

/** All that is on record of a task. */
export interface RecordedTask {
  readonly task: Task;
  readonly delegations: readonly Delegation[];
  readonly events: readonly TaskEvent[];
}

/** Where a page of records begins, and how long it is. */
export interface RecordPage {
  readonly after: string;
  readonly limit: number;
}

const EVENTS = `
  SELECT task_id AS "taskId", seq, type, at, actor, data FROM task_events WHERE task_id = ANY ($1::uuid[]) ORDER BY task_id, seq`;

/** The records of the next tasks behind an id, in three statements. */
export async function recordedTasks(
  { sequelize, Task, Delegation }: Pick<Models, 'sequelize' | 'Task' | 'Delegation'>,
  transaction: Transaction,
  { after, limit }: RecordPage,
): Promise<readonly RecordedTask[]> {
  const rows = await Task.findAll({ where: { id: { [Op.gt]: after } }, order: ['id'], limit, transaction });
  const ids = rows.map((row) => row.id);
  const hops = await Delegation.findAll({ where: { taskId: ids }, order: ['taskId', 'hop'], transaction });
  const events = await sequelize.query<TaskEvent>(EVENTS, { bind: [ids], transaction, type: QueryTypes.SELECT });
  const hopsOf = grouped(hops.map(toDelegation));
  const eventsOf = grouped(events);
  return rows.map((row) => ({
    task: toTask(row),
    delegations: hopsOf.get(row.id) ?? [],
    events: eventsOf.get(row.id) ?? [],
  }));
}

function grouped<Item extends { readonly taskId: string }>(
  items: readonly Item[],
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.taskId);
    if (group === undefined) groups.set(item.taskId, [item]);
    else group.push(item);
  }
  return groups;
}
