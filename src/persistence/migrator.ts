import { readdir } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join, parse } from 'node:path';
import { QueryTypes, type Sequelize } from 'sequelize';
import { Umzug, type UmzugStorage } from 'umzug';
import type { Migration } from './migration.ts';

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));
const NUMBERED = /^\d{4}-[a-z-]+\.(ts|js)$/;
const LOCK = "SELECT pg_advisory_xact_lock(hashtext('hopper migrations'))";

/** Brings the schema up to date; of several processes that do so at once, one works and the others wait (rule M1). */
export async function migrateUp(sequelize: Sequelize): Promise<readonly string[]> {
  return alone(sequelize, async (umzug) => names(await umzug.up()));
}

/** Takes the newest `count` migrations back, or all of them. */
export async function migrateDown(sequelize: Sequelize, count?: number): Promise<readonly string[]> {
  return alone(sequelize, async (umzug) => names(await umzug.down(count === undefined ? { to: 0 } : { step: count })));
}

async function alone(sequelize: Sequelize, work: (umzug: Umzug) => Promise<string[]>): Promise<string[]> {
  return sequelize.transaction(async (lock) => {
    await sequelize.query(LOCK, { transaction: lock });
    await sequelize.query('CREATE TABLE IF NOT EXISTS hopper_migrations (name text PRIMARY KEY)');
    return work(await migratorOf(sequelize));
  });
}

async function migratorOf(sequelize: Sequelize): Promise<Umzug> {
  const files = (await readdir(FOLDER)).filter((file) => NUMBERED.test(file)).sort();
  return new Umzug({
    storage: readOnlyStorage(sequelize),
    logger: undefined,
    migrations: files.map((file) => ({
      name: parse(file).name,
      up: () => inTransaction(sequelize, file, 'up'),
      down: () => inTransaction(sequelize, file, 'down'),
    })),
  });
}

/** The log is written in the transaction of the migration itself, so that a kill between the two is harmless. */
function readOnlyStorage(sequelize: Sequelize): UmzugStorage {
  return {
    executed: async () => {
      const sql = 'SELECT name FROM hopper_migrations ORDER BY name';
      return names(await sequelize.query<{ name: string }>(sql, { type: QueryTypes.SELECT }));
    },
    logMigration: () => Promise.resolve(),
    unlogMigration: () => Promise.resolve(),
  };
}

async function inTransaction(sequelize: Sequelize, file: string, direction: keyof Migration): Promise<void> {
  const migration = (await import(pathToFileURL(join(FOLDER, file)).href)) as Migration;
  const log =
    direction === 'up' ? 'INSERT INTO hopper_migrations VALUES ($1)' : 'DELETE FROM hopper_migrations WHERE name = $1';
  await sequelize.transaction(async (transaction) => {
    await migration[direction](async (sql) => {
      await sequelize.query(sql, { transaction });
    });
    await sequelize.query(log, { bind: [parse(file).name], transaction });
  });
}

function names(migrations: readonly { name: string }[]): string[] {
  return migrations.map((each) => each.name);
}
