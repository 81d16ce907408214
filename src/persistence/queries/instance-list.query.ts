import { QueryTypes } from 'sequelize';
import type { Instance, InstanceStatus, Scope } from '../../domain/instance.ts';
import type { Page } from '../../domain/page.ts';
import { type InstanceRow, toInstance } from '../models/instance.model.ts';
import type { Models } from '../models/models.ts';
import { cursorAt, cursorOf } from './cursor.ts';

export interface InstanceListQuery {
  readonly scope?: Scope | undefined;
  readonly status?: InstanceStatus | undefined;
  readonly parentId?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const LIST = `
  SELECT * FROM hopper_instances
  WHERE ($1::hopperscope IS NULL OR scope = $1::hopperscope)
    AND ($2::instancestatus IS NULL OR status = $2::instancestatus)
    AND ($3::uuid IS NULL OR parent_id = $3::uuid)
    AND ($4::uuid IS NULL OR (scope, name, id) > (SELECT c.scope, c.name, c.id FROM hopper_instances c WHERE c.id = $4::uuid))
  ORDER BY scope, name, id LIMIT $5`;

/** Only the columns that are shown go up and down the recursion. */
const SUBTREE = `
  WITH RECURSIVE below AS (
    SELECT id, name, scope, status, parent_id, config, created_at, updated_at FROM hopper_instances
    WHERE CASE WHEN $1::uuid IS NULL THEN parent_id IS NULL AND status <> 'terminated' ELSE id = $1::uuid END
    UNION ALL
    SELECT c.id, c.name, c.scope, c.status, c.parent_id, c.config, c.created_at, c.updated_at
    FROM hopper_instances c JOIN below ON c.parent_id = below.id
  )
  SELECT id, name, scope, status, parent_id AS "parentId", config, created_at AS "createdAt", updated_at AS "updatedAt"
  FROM below ORDER BY name, id`;

/** One page of instances: Globals first, then by name. */
export async function listInstances(
  { sequelize, Instance }: Models,
  query: InstanceListQuery,
): Promise<Page<Instance>> {
  const { scope = null, status = null, parentId = null, limit } = query;
  const bind = [scope, status, parentId, cursorAt(query.cursor), limit + 1];
  const rows = await sequelize.query(LIST, { bind, type: QueryTypes.SELECT, model: Instance, mapToModel: true });
  const items = rows.slice(0, limit).map(toInstance);
  return { items, nextCursor: rows.length > limit ? cursorOf(items.at(-1)?.id) : null };
}

/** An instance and everything below it, or every tree, in one statement; without models, whose making takes most of the time. */
export async function subtreeOf({ sequelize }: Models, rootId: string | null): Promise<readonly Instance[]> {
  const rows = await sequelize.query<InstanceRow>(SUBTREE, { bind: [rootId], type: QueryTypes.SELECT });
  return rows.map(toInstance);
}
