import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Suspect } from '../../domain/suspect.ts';

/** Where a page begins, how long it is, and how old at least what it finds. */
export interface ReconcileRange {
  readonly after: string;
  readonly limit: number;
  readonly minSeconds: number;
}

const OPEN_OR_UNCONFIRMED = `
  SELECT t.id, t.title, t.status, t.step,
    t.status = 'routing' AND coalesce(t.retry_at, t.updated_at) < now() - $3 * interval '1 second'
      OR EXISTS (SELECT FROM task_delegations d WHERE d.task_id = t.id AND d.status = 'pending'
        AND d.expires_at < now() - $3 * interval '1 second') AS "isOverdue"
  FROM tasks t
  WHERE t.id > $1::uuid AND t.updated_at < now() - $3 * interval '1 second'
    AND NOT (t.status = 'waiting' AND t.parent_task_id IS NOT NULL AND t.part_release IS NULL AND t.parts_join IS NULL)
    AND (t.status IN ('routing', 'offered', 'queued', 'in_progress', 'waiting', 'blocked') OR t.confirmed_step < t.step)
  ORDER BY t.id LIMIT $2`;

/** Released ones have workflows, which Temporal has told. */
const LEFT_PARTS = `
  SELECT DISTINCT w.id FROM tasks p JOIN tasks w ON w.id = p.parent_task_id
  WHERE p.status = 'waiting' AND p.part_release IS NULL AND w.id > $1::uuid
    AND w.finished_at < now() - $3 * interval '1 second'
  ORDER BY w.id LIMIT $2`;

const STRAY_LEASES = `
  SELECT l.id, l.task_id AS "taskId" FROM leases l JOIN tasks t ON t.id = l.task_id
  WHERE l.id > $1::uuid AND l.ended_at IS NULL AND t.updated_at < now() - $3 * interval '1 second'
    AND t.status <> 'in_progress' AND NOT (t.status = 'blocked' AND coalesce(t.blocked_on, '') = 'question')
  ORDER BY l.id LIMIT $2`;

/** In one snapshot: whoever changes a task changes the load in the same transaction. */
const DRIFTED_LOADS = `
  SELECT l.instance_id AS id FROM instance_loads l
  LEFT JOIN (
    SELECT instance_id, count(*) AS direct, count(*) FILTER (WHERE status <> 'blocked') AS busy FROM tasks
    WHERE status IN ('queued', 'in_progress', 'blocked') GROUP BY instance_id
  ) t ON t.instance_id = l.instance_id
  LEFT JOIN (
    SELECT target_instance_id, count(*) AS offers FROM task_delegations WHERE status = 'pending' GROUP BY target_instance_id
  ) d ON d.target_instance_id = l.instance_id
  WHERE l.instance_id > $1::uuid
    AND (l.direct <> coalesce(t.direct, 0) OR l.busy <> coalesce(t.busy, 0) + coalesce(d.offers, 0))
  ORDER BY l.instance_id LIMIT $2`;

const NOT_ON_RECORD = `
  SELECT given.id FROM unnest($1::uuid[]) AS given (id) WHERE NOT EXISTS (SELECT FROM tasks t WHERE t.id = given.id)`;

const LOAD = 'SELECT busy, direct FROM instance_loads WHERE instance_id = $1';

/** The open tasks, and those whose last step nobody has seen published. A part that may not begin yet has no workflow. */
export async function tasksToReconcile(sequelize: Sequelize, range: ReconcileRange): Promise<readonly Suspect[]> {
  const bind = [range.after, range.limit, range.minSeconds];
  return sequelize.query<Suspect>(OPEN_OR_UNCONFIRMED, { bind, type: QueryTypes.SELECT });
}

/** Tasks that are over, with parts that wait to begin and never will. */
export async function leftParts(
  sequelize: Sequelize,
  range: ReconcileRange,
): Promise<readonly { readonly id: string }[]> {
  const bind = [range.after, range.limit, range.minSeconds];
  return sequelize.query<{ id: string }>(LEFT_PARTS, { bind, type: QueryTypes.SELECT });
}

/** Open leases of tasks that nobody can be at work on. */
export async function strayLeases(
  sequelize: Sequelize,
  range: ReconcileRange,
): Promise<readonly { readonly id: string; readonly taskId: string }[]> {
  const bind = [range.after, range.limit, range.minSeconds];
  return sequelize.query<{ id: string; taskId: string }>(STRAY_LEASES, { bind, type: QueryTypes.SELECT });
}

/** Instances whose load is not what their tasks and offers add up to. */
export async function driftedLoads(
  sequelize: Sequelize,
  { after, limit }: Omit<ReconcileRange, 'minSeconds'>,
): Promise<readonly { readonly id: string }[]> {
  return sequelize.query<{ id: string }>(DRIFTED_LOADS, { bind: [after, limit], type: QueryTypes.SELECT });
}

/** Those of the ids under which no task is on record. */
export async function notOnRecord(
  sequelize: Sequelize,
  ids: readonly string[],
): Promise<readonly { readonly id: string }[]> {
  return sequelize.query<{ id: string }>(NOT_ON_RECORD, { bind: [ids], type: QueryTypes.SELECT });
}

/** What an instance has to do. */
export interface CountedLoad {
  readonly busy: number;
  readonly direct: number;
}

/** Counts the load of an instance anew; the load before and after. */
export async function recountLoad(
  sequelize: Sequelize,
  transaction: Transaction,
  instanceId: string,
): Promise<{ readonly before: CountedLoad | null; readonly after: CountedLoad | null }> {
  const options = { bind: [instanceId], transaction, type: QueryTypes.SELECT as const };
  const [before = null] = await sequelize.query<CountedLoad>(LOAD, options);
  await sequelize.query('SELECT hopper_count_load($1)', options);
  const [after = null] = await sequelize.query<CountedLoad>(LOAD, options);
  return { before, after };
}
