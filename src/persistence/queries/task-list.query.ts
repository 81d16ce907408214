import { QueryTypes, type Sequelize } from 'sequelize';
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
    AND ($8::uuid[] IS NULL OR id = ANY ($8::uuid[]))
    AND ($6::uuid IS NULL OR (created_at, id) < (SELECT c.created_at, c.id FROM tasks c WHERE c.id = $6::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $7`;

/** So many tasks with a tag are looked up by it; of more the newest are found soon by their age. */
const FEW = 1_000;
const TAGGED = 'SELECT id FROM tasks WHERE tags @> ARRAY[$1::text] LIMIT $2';

const queueSql = (order: QueueOrder): string => `
  SELECT t.* FROM tasks t WHERE t.instance_id = $1 AND t.status = 'queued' ORDER BY ${queueKeys(order, 't')} LIMIT $2`;

const LONGEST_QUEUE = 1_000;

/** One page of tasks, the newest first. */
export async function listTasks({ sequelize, Task }: Models, query: TaskQuery): Promise<Page<Task>> {
  const { status = null, instance_id = null, tag = null, q = null, parent_task_id = null, limit } = query;
  const among = tag === null ? null : await fewTagged(sequelize, tag);
  const bind = [status, instance_id, tag, q, parent_task_id, cursorAt(query.cursor), limit + 1, among];
  const rows = await sequelize.query(LIST, { bind, type: QueryTypes.SELECT, model: Task, mapToModel: true });
  const items = rows.slice(0, limit).map(toTask);
  return { items, nextCursor: rows.length > limit ? cursorOf(items.at(-1)?.id) : null };
}

/** The tasks with a tag, if they are few: to find by their age that a tag is rare takes as long as there are tasks. */
async function fewTagged(sequelize: Sequelize, tag: string): Promise<readonly string[] | null> {
  const bind = [tag, FEW + 1];
  const rows = await sequelize.query<{ id: string }>(TAGGED, { bind, type: QueryTypes.SELECT });
  return rows.length > FEW ? null : rows.map(({ id }) => id);
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
