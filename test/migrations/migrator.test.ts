import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { QueryTypes, type Sequelize } from 'sequelize';
import { openDatabase } from '../../src/persistence/database.ts';
import { migrateDown, migrateUp } from '../../src/persistence/migrator.ts';
import { freshDatabase } from '../support/servers/database.ts';

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));
const ALL = readdirSync(FOLDER)
  .map((file) => parse(file).name)
  .toSorted();

const CATALOGUE = `
  SELECT 'relation ' || relname AS thing FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
  UNION ALL SELECT 'index ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'i'
  UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
  UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'trigger ' || tgname || ' of ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
  ORDER BY thing`;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function setup() {
  const fresh = await freshDatabase();
  closers.push(fresh.drop);
  const open = (): Sequelize => {
    const database = openDatabase(fresh.url, { maxConnections: 3 });
    closers.push(() => database.close());
    return database;
  };
  const database = open();
  const select = async <Row extends object>(sql: string): Promise<Row[]> =>
    database.query<Row>(sql, { type: QueryTypes.SELECT });
  const applied = async () =>
    (await select<{ name: string }>('SELECT name FROM hopper_migrations ORDER BY name')).map(({ name }) => name);
  const catalogue = async () => (await select<{ thing: string }>(CATALOGUE)).map(({ thing }) => thing);
  return { open, database, select, applied, catalogue };
}

/** Rows in every table of the schema, as far as it has come. */
async function fill(database: Sequelize): Promise<void> {
  const [global, project, task, delegation] = Array.from({ length: 4 }, () => randomUUID());
  const run = (sql: string, bind: unknown[]) => database.query(sql, { bind });
  await run(`INSERT INTO hopper_instances (id, name, scope) VALUES ($1::uuid, $1, 'global')`, [global]);
  await run(`INSERT INTO hopper_instances (id, name, scope, parent_id) VALUES ($1::uuid, $1, 'project', $2)`, [
    project,
    global,
  ]);
  await run(`INSERT INTO tasks (id, title, entry_instance_id, instance_id) VALUES ($1, 'a task', $2, $2)`, [
    task,
    global,
  ]);
  await run(
    `INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id) VALUES ($1, $2, 0, $3, $4)`,
    [delegation, task, global, project],
  );
  await run(
    `INSERT INTO routing_decisions (id, task_id, step, instance_id, action, target_instance_id, delegation_id, reason,
      strategy, policy_hash) VALUES ($1, $2, 0, $3, 'delegate', $4, $5, '', '', '')`,
    [randomUUID(), task, global, project, delegation],
  );
  const hash = randomUUID();
  await run(`INSERT INTO policies (hash, text, policy) VALUES ($1, '', '{}')`, [hash]);
  await run(`INSERT INTO policy_publications (hash, published_by) VALUES ($1, 'ana')`, [hash]);
  await run(`INSERT INTO task_events (task_id, seq, type, actor) VALUES ($1, 1, 'x', '{}')`, [task]);
  await run(`INSERT INTO instance_events (instance_id, seq, type, actor) VALUES ($1, 1, 'x', '{}')`, [global]);
}

describe('migrateUp', () => {
  it('applies every migration in order, and says which (rule M1)', async () => {
    const { database, applied } = await setup();
    expect(await migrateUp(database)).toEqual(ALL);
    expect(await applied()).toEqual(ALL);
  });

  it('does nothing the second time (rule M1)', async () => {
    const { database, catalogue } = await setup();
    await migrateUp(database);
    const before = await catalogue();
    expect(await migrateUp(database)).toEqual([]);
    expect(await catalogue()).toEqual(before);
  });

  it('applies each migration once when three processes start at once (rule M1)', async () => {
    const { open, applied } = await setup();
    const did = await Promise.all([open(), open(), open()].map((database) => migrateUp(database)));
    expect(did.flat().toSorted()).toEqual(ALL);
    expect(await applied()).toEqual(ALL);
  });

  it('leaves nothing of a migration behind that fails in the middle, and succeeds when it can (rule M1)', async () => {
    const { database, applied, catalogue } = await setup();
    await database.query('CREATE FUNCTION hopper_append_only() RETURNS void LANGUAGE sql AS $$ $$');
    await expect(migrateUp(database)).rejects.toThrow(/hopper_append_only/);
    expect(await applied()).toEqual(ALL.filter((name) => name < '0005'));
    expect((await catalogue()).filter((thing) => thing.includes('_events'))).toEqual([]);
    await database.query('DROP FUNCTION hopper_append_only');
    expect(await migrateUp(database)).toEqual(ALL.filter((name) => name >= '0005'));
  });
});

describe('migrateDown', () => {
  it('takes everything back on filled tables, leaving no type, function or table behind (rule M1)', async () => {
    const { database, catalogue } = await setup();
    await migrateUp(database);
    await fill(database);
    expect(await migrateDown(database)).toEqual(ALL.toReversed());
    expect((await catalogue()).filter((thing) => !thing.includes('hopper_migrations'))).toEqual([]);
  });

  it('and migrateUp again give the same schema, which takes rows as before (rule M1)', async () => {
    const { database, catalogue } = await setup();
    await migrateUp(database);
    const before = await catalogue();
    await fill(database);
    await migrateDown(database);
    await migrateUp(database);
    expect(await catalogue()).toEqual(before);
    await fill(database);
  });

  it.each(ALL.map((name, index) => [name, ALL.length - index] as const))(
    'takes %s and what follows back on filled tables, and up again as if nothing was (rule M1)',
    async (name, count) => {
      const { database, applied, catalogue } = await setup();
      await migrateUp(database);
      const all = await catalogue();
      await fill(database);
      expect(await migrateDown(database, count)).toEqual(ALL.toReversed().slice(0, count));
      expect(await applied()).toEqual(ALL.filter((each) => each < name));
      expect(await migrateUp(database)).toEqual(ALL.slice(ALL.length - count));
      expect(await catalogue()).toEqual(all);
    },
  );
});
