import { QueryTypes, type Sequelize } from 'sequelize';

/** A task that nobody could take, at the step at which it was seen. */
export interface HeldTask {
  readonly id: string;
  readonly title: string;
  readonly step: number;
}

/** A sum and no maximum: a transaction that began early may commit late, with a time below the latest one. */
const MARKER = `
  SELECT concat_ws('/',
    (SELECT max(seq) FROM policy_publications WHERE hash IS NOT NULL),
    count(*), sum(extract(epoch FROM updated_at))) AS marker
  FROM hopper_instances`;

const HELD = `
  SELECT id, title, step FROM tasks
  WHERE status = 'blocked' AND blocked_on = 'held' AND id > $1::uuid ORDER BY id LIMIT $2`;

/** A text that is another one after every change of the policy or of an instance. */
export async function changeMarker(sequelize: Sequelize): Promise<string> {
  const [row] = await sequelize.query<{ marker: string }>(MARKER, { type: QueryTypes.SELECT });
  return row?.marker ?? '';
}

/** Held tasks in the order of their ids, a page at a time. */
export async function heldTasks(
  sequelize: Sequelize,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly HeldTask[]> {
  return sequelize.query<HeldTask>(HELD, { bind: [page.after, page.limit], type: QueryTypes.SELECT });
}
