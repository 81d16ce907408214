import { beforeAll, describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { fillFinished } from '../../bench/growth/finished.ts';
import { createLive } from '../../bench/growth/lives.ts';
import { type Tree, plantTree } from '../../bench/growth/tree.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { createAuditRecords } from '../../src/use-cases/audit-records.ts';
import { aBench } from './setup.ts';

const bench = aBench();
const COPIES = 40;
const LIVES = 12;

let tree: Tree;

beforeAll(async () => {
  tree = await plantTree(bench().database, 10, 'auto');
  const live = createLive(bench());
  for (let left = LIVES; left > 0; left -= 1) await live(tree.globalId);
  const database = openDatabase(bench().url, { maxConnections: 1, isPatient: true });
  await fillFinished(database, { tasks: COPIES });
  await database.close();
});

describe('fillFinished', () => {
  it('makes finished tasks that the audit takes for tasks that were done', async () => {
    expect(await createAuditRecords(bench().database, bench().reads)(100)).toEqual({
      tasks: LIVES + COPIES,
      findings: [],
    });
  });

  it('makes each of them complete: every table has as many rows of a copy as of a task that was done', async () => {
    const rows = await ask<Record<string, number>>(`
      SELECT (SELECT count(*)::int FROM task_delegations d WHERE d.task_id = t.id) AS hops,
        (SELECT count(*)::int FROM routing_decisions d WHERE d.task_id = t.id AND candidates <> '[]') AS decisions,
        (SELECT count(*)::int FROM task_events e WHERE e.task_id = t.id) AS events,
        (SELECT count(*)::int FROM leases l WHERE l.task_id = t.id) AS leases, count(*)::int AS tasks
      FROM tasks t GROUP BY 1, 2, 3, 4`);
    expect(rows).toEqual([{ hops: 2, decisions: 2, events: 6, leases: 1, tasks: LIVES + COPIES }]);
  });

  it('spreads them over the orchestrations, older than what was there, and nobody has to ask after them', async () => {
    const [found] = await ask<{ instances: number; oldest: number; unconfirmed: number }>(`
      WITH copied AS (SELECT * FROM tasks ORDER BY created_at LIMIT ${String(COPIES)})
      SELECT count(DISTINCT instance_id)::int AS instances, count(*) FILTER (WHERE confirmed_step < step)::int AS unconfirmed,
        round(extract(epoch FROM max(created_at) - min(created_at)))::int AS oldest FROM copied`);
    expect(found).toEqual({ instances: tree.orchestrationIds.length, oldest: (COPIES - 1) * 2, unconfirmed: 0 });
  });
});

function ask<Row extends object>(sql: string): Promise<Row[]> {
  return bench().database.query<Row>(sql, { type: QueryTypes.SELECT });
}
