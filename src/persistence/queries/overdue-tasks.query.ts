import { QueryTypes, type Sequelize } from 'sequelize';

/** An open task whose due time has passed, which is not on record yet. */
export interface OverdueTask {
  readonly id: string;
  readonly dueAt: Date;
}

/** Where a look through them begins, or goes on. */
export interface OverdueCursor {
  readonly id: string;
  readonly dueAt: Date | '-infinity';
}

const OVERDUE = `
  SELECT id, due_at AS "dueAt" FROM tasks
  WHERE due_at IS NOT NULL AND finished_at IS NULL AND missed_due_at IS DISTINCT FROM due_at
    AND due_at <= now() AND (due_at, id) > ($1::timestamptz, $2::uuid)
  ORDER BY due_at, id LIMIT $3`;

/** The next tasks after one, by the database's clock: those that are overdue longest first. */
export function overdueTasks(
  sequelize: Sequelize,
  { after, limit }: { readonly after: OverdueCursor; readonly limit: number },
): Promise<readonly OverdueTask[]> {
  return sequelize.query<OverdueTask>(OVERDUE, { bind: [after.dueAt, after.id, limit], type: QueryTypes.SELECT });
}
