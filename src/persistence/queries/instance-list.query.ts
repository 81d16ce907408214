import { QueryTypes } from 'sequelize';
import type { Instance, InstanceStatus, Scope } from '../../domain/instance.ts';
import type { Page } from '../../domain/page.ts';
import { toInstance } from '../models/instance.model.ts';
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

const SUBTREE = `
  WITH RECURSIVE below AS (
    SELECT * FROM hopper_instances
    WHERE CASE WHEN $1::uuid IS NULL THEN parent_id IS NULL AND status <> 'terminated' ELSE id = $1::uuid END
    UNION ALL SELECT c.* FROM hopper_instances c JOIN below ON c.parent_id = below.id
  )
  SELECT * FROM below ORDER BY name, id`;

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

/** An instance and everything below it, or every tree, in one statement. */
export async function subtreeOf({ sequelize, Instance }: Models, rootId: string | null): Promise<readonly Instance[]> {
  const rows = await sequelize.query(SUBTREE, {
    bind: [rootId],
    type: QueryTypes.SELECT,
    model: Instance,
    mapToModel: true,
  });
  return rows.map(toInstance);
}
