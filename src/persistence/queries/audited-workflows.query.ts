import { QueryTypes, type Sequelize } from 'sequelize';

/** A task that should have an open workflow, or should have none. */
export interface AuditedTask {
  readonly id: string;
  readonly status: string;
}

const OPEN = `
  SELECT t.id, t.status FROM tasks t
  WHERE t.finished_at IS NULL AND t.updated_at < now() - interval '60 seconds' AND t.id > $1::uuid
    AND NOT (t.status = 'waiting' AND t.part_release IS NULL AND t.parts_join IS NULL)
  ORDER BY t.id LIMIT $2`;

const OVER = `
  SELECT given.id, coalesce(t.status::text, 'gone') AS status FROM unnest($1::uuid[]) AS given (id)
  LEFT JOIN tasks t ON t.id = given.id
  WHERE t.id IS NULL OR t.finished_at < now() - interval '60 seconds'`;

/** The next open tasks behind an id that have stood for a minute; a part that may not begin yet has no workflow. */
export function openTasks(sequelize: Sequelize, after: string, limit: number): Promise<readonly AuditedTask[]> {
  return sequelize.query<AuditedTask>(OPEN, { bind: [after, limit], type: QueryTypes.SELECT });
}

/** Those of the ids whose task has been over for a minute, or is not there. */
export function overTasks(sequelize: Sequelize, ids: readonly string[]): Promise<readonly AuditedTask[]> {
  return sequelize.query<AuditedTask>(OVER, { bind: [ids], type: QueryTypes.SELECT });
}
