import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { ADMIN } from '../../src/domain/actor.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { migrateDown, migrateUp } from '../../src/persistence/migrator.ts';
import { defineModels } from '../../src/persistence/models/models.ts';
import { createRepositories } from '../../src/persistence/repositories/repositories.ts';
import { freshDatabase } from '../support/servers/database.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function setup() {
  const fresh = await freshDatabase();
  closers.push(fresh.drop);
  const database = openDatabase(fresh.url, { maxConnections: 3 });
  closers.push(() => database.close());
  const applied = await migrateUp(database);
  const steps = applied.length - applied.findIndex((name) => name.startsWith('0007'));
  const instances = createRepositories(defineModels(database)).instances;
  const plant = async (fields: { name: string; parentId?: string; status?: 'running' | 'paused'; config?: object }) => {
    const { name, parentId = null, status = 'running', config = {} } = fields;
    const scope = parentId === null ? ('global' as const) : ('project' as const);
    const instance = { id: randomUUID(), name, scope, status, parentId, config };
    await database.transaction((transaction) => instances.create(transaction, instance, ADMIN));
    return instance.id;
  };
  const run = (sql: string, bind: unknown[]) => database.query(sql, { bind });
  const rows = (sql: string) => database.query<object>(sql, { type: QueryTypes.SELECT });
  const again = async () => {
    await migrateDown(database, steps);
    await migrateUp(database);
  };
  return { plant, run, rows, again };
}

describe('0007-loads', () => {
  it('gives the instances that are there already the loads that their tasks and delegations make', async () => {
    const { plant, run, rows, again } = await setup();
    const global = await plant({ name: 'global' });
    const quiet = await plant({ name: 'quiet', parentId: global, status: 'paused' });
    const project = await plant({ name: 'billing', parentId: global });
    const task = async (status: string, more = '') => {
      const id = randomUUID();
      const columns = `id, title, entry_instance_id, instance_id, status${more === '' ? '' : ', blocked_on'}`;
      const blockedOn = more === '' ? '' : `, '${more}'`;
      await run(`INSERT INTO tasks (${columns}) VALUES ($1, 'x', $2, $3, '${status}'${blockedOn})`, [
        id,
        global,
        project,
      ]);
      return id;
    };
    await task('queued');
    await task('in_progress');
    await task('blocked', 'question');
    await task('waiting');
    await run(
      `INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id, delegated_at)
       VALUES ($1, $2, 0, $3, $4, '2026-03-01T12:00:00Z')`,
      [randomUUID(), await task('offered'), global, project],
    );
    await again();
    expect(await rows('SELECT * FROM instance_loads ORDER BY busy, is_running')).toEqual([
      { instance_id: quiet, parent_id: global, is_running: false, busy: 0, direct: 0, last_offer_at: null },
      { instance_id: global, parent_id: null, is_running: true, busy: 0, direct: 0, last_offer_at: null },
      {
        ...{ instance_id: project, parent_id: global, is_running: true, busy: 3, direct: 3 },
        last_offer_at: new Date('2026-03-01T12:00:00Z'),
      },
    ]);
  });

  it('gives them the terms that their creation gives to new ones', async () => {
    const { plant, rows, again } = await setup();
    const global = await plant({ name: 'global', config: { capabilities: ['no child'] } });
    const config = {
      capabilities: [' Billing', 'billing\t', 'ÜBER', 'Tax returns'],
      keywords: ["don't"],
      description: 'Refunds',
    };
    await plant({ name: 'money', parentId: global, config });
    await plant({ name: '請求書 счета', parentId: global });
    const terms = () => rows('SELECT * FROM instance_terms ORDER BY instance_id, kind, term');
    const before = await terms();
    await again();
    expect(await terms()).toEqual(before);
    expect(before).toContainEqual(expect.objectContaining({ kind: 'label', term: 'über', score: 1 }));
    expect(before).toContainEqual(expect.objectContaining({ kind: 'word', term: 'refund' }));
  });
});
