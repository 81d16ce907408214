import { QueryTypes } from 'sequelize';
import type { Page } from '../../domain/page.ts';
import type { QueueOrder } from '../../domain/scopes/queue-order.ts';
import type { Task } from '../../domain/task.ts';
import type { TaskQuery } from '../../domain/task.schema.ts';
import type { Models } from '../models/models.ts';
import { toTask } from '../models/task.model.ts';
import { cursorAt, cursorOf } from './cursor.ts';
import { queueKeys } from '../queue-keys.ts';

const LIST = `
  SELECT * FROM tasks
  WHERE ($1::taskstatus IS NULL OR status = $1::taskstatus)
    AND ($2::uuid IS NULL OR instance_id = $2::uuid)
    AND ($3::text IS NULL OR tags @> ARRAY[$3::text])
    AND ($4::text IS NULL OR strpos(lower(title || ' ' || coalesce(description, '')), lower($4)) > 0)
    AND ($5::uuid IS NULL OR parent_task_id = $5::uuid)
    AND ($6::uuid IS NULL OR (created_at, id) < (SELECT c.created_at, c.id FROM tasks c WHERE c.id = $6::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $7`;

const queueSql = (order: QueueOrder): string => `
  SELECT t.* FROM tasks t WHERE t.instance_id = $1 AND t.status = 'queued' ORDER BY ${queueKeys(order, 't')} LIMIT $2`;

const LONGEST_QUEUE = 1_000;

/** One page of tasks, the newest first. */
export async function listTasks({ sequelize, Task }: Models, query: TaskQuery): Promise<Page<Task>> {
  const { status = null, instance_id = null, tag = null, q = null, parent_task_id = null, limit } = query;
  const bind = [status, instance_id, tag, q, parent_task_id, cursorAt(query.cursor), limit + 1];
  const rows = await sequelize.query(LIST, { bind, type: QueryTypes.SELECT, model: Task, mapToModel: true });
  const items = rows.slice(0, limit).map(toTask);
  return { items, nextCursor: rows.length > limit ? cursorOf(items.at(-1)?.id) : null };
}

/** The tasks that wait at an instance, in the order in which they are handed out (rule O3). */
export async function queueOf(
  { sequelize, Task }: Models,
  instanceId: string,
  order: QueueOrder,
): Promise<readonly Task[]> {
  const bind = [instanceId, LONGEST_QUEUE];
  const rows = await sequelize.query(queueSql(order), { bind, type: QueryTypes.SELECT, model: Task, mapToModel: true });
  return rows.map(toTask);
}
