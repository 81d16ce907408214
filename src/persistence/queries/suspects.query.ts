import { QueryTypes, type Sequelize } from 'sequelize';
import type { Suspect } from '../../domain/suspect.ts';

const UNCONFIRMED = `
  SELECT id, title, status, step, false AS "isOverdue" FROM tasks
  WHERE confirmed_step < step AND updated_at < now() - $1 * interval '1 second' AND id > $2::uuid
  ORDER BY id LIMIT $3`;

/** A task whose parts have news that it did not act on: what `joinParts` would write, or stop. */
const HAS_PART_NEWS = `
  t.status = 'waiting' AND t.parts_join IS NOT NULL AND t.updated_at < now() - interval '60 seconds' AND (
    NOT EXISTS (SELECT FROM tasks p WHERE p.parent_task_id = t.id AND p.finished_at IS NULL)
    OR EXISTS (SELECT FROM tasks p WHERE p.parent_task_id = t.id AND p.finished_at < now() - interval '60 seconds'
      AND (t.parts_join = 'all' AND p.status <> 'completed' OR t.parts_join = 'any' AND p.status = 'completed'))
    OR EXISTS (SELECT FROM tasks p WHERE p.parent_task_id = t.id AND p.status = 'waiting' AND p.part_release IS NULL
      AND NOT EXISTS (SELECT FROM tasks a WHERE a.id = ANY (p.part_after) AND a.finished_at IS NULL)))`;

const OVERDUE = `
  SELECT t.id, t.title, t.status, t.step, true AS "isOverdue" FROM tasks t
  WHERE t.status = 'routing' AND coalesce(t.retry_at, t.updated_at) < now() - interval '60 seconds' AND t.id > $1::uuid
  UNION
  SELECT t.id, t.title, t.status, t.step, true FROM task_delegations d JOIN tasks t ON t.id = d.task_id
  WHERE d.status = 'pending' AND d.expires_at < now() - $2 * interval '1 second' AND t.id > $1::uuid
  UNION
  SELECT t.id, t.title, t.status, t.step, true FROM tasks t WHERE ${HAS_PART_NEWS} AND t.id > $1::uuid
  ORDER BY id LIMIT $3`;

const OF_TASK = `
  SELECT t.id, t.title, t.status, t.step, t.status = 'routing' AND coalesce(t.retry_at, t.updated_at) < now() - interval '60 seconds'
    OR EXISTS (SELECT FROM task_delegations d WHERE d.task_id = t.id AND d.status = 'pending' AND d.expires_at < now())
    OR ${HAS_PART_NEWS} AS "isOverdue"
  FROM tasks t WHERE t.id = $1`;

const CONFIRM = `
  UPDATE tasks SET confirmed_step = c.step FROM unnest($1::uuid[], $2::int[]) AS c (id, step)
  WHERE tasks.id = c.id AND tasks.confirmed_step < c.step`;

export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Tasks whose last step nobody has yet seen published by their workflow, older than `settleSeconds`. */
export async function unconfirmedTasks(
  sequelize: Sequelize,
  page: { readonly after: string; readonly limit: number; readonly settleSeconds: number },
): Promise<readonly Suspect[]> {
  const bind = [page.settleSeconds, page.after, page.limit];
  return sequelize.query<Suspect>(UNCONFIRMED, { bind, type: QueryTypes.SELECT });
}

/** Tasks that route for a minute, or whose offer should have ended `settleSeconds` ago. */
export async function overdueTasks(
  sequelize: Sequelize,
  page: { readonly after: string; readonly limit: number; readonly settleSeconds: number },
): Promise<readonly Suspect[]> {
  const bind = [page.after, page.settleSeconds, page.limit];
  return sequelize.query<Suspect>(OVERDUE, { bind, type: QueryTypes.SELECT });
}

/** Remembers which steps were seen published, so that they are not asked for again. */
export async function confirmSteps(sequelize: Sequelize, seen: readonly Pick<Suspect, 'id' | 'step'>[]): Promise<void> {
  if (seen.length === 0) return;
  await sequelize.query(CONFIRM, { bind: [seen.map((each) => each.id), seen.map((each) => each.step)] });
}

/** How the row of one suspect now stands; null if the task was deleted. */
export async function suspectAt(sequelize: Sequelize, taskId: string): Promise<Suspect | null> {
  const [row] = await sequelize.query<Suspect>(OF_TASK, { bind: [taskId], type: QueryTypes.SELECT });
  return row ?? null;
}
