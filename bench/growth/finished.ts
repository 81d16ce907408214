import { QueryTypes, type Sequelize } from 'sequelize';
import { COPIED, COPIES, type Column, ORIGINALS, RETOLD, copyOf } from './copy-statements.ts';

export interface FillPlan {
  readonly tasks: number;
  readonly stopping?: AbortSignal;
  readonly onBatch?: (done: number) => void;
}

/** Of the catalogue; what PostgreSQL makes by itself cannot be inserted. */
const COLUMNS = `
  SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`;

const BATCH = 10_000;

/**
 * Fills the tables with copies of the tasks that were completed at each instance: with all their rows, with ids and times
 * of their own, all of them older than the originals. The pool has one connection, whose temporary tables they go through.
 */
export async function fillFinished(database: Sequelize, { tasks, stopping, onBatch }: FillPlan): Promise<void> {
  if (tasks === 0) return;
  await database.query(RETOLD);
  await database.query(ORIGINALS);
  const statements: string[] = [];
  for (const copied of COPIED) {
    const options = { bind: [copied.table], type: QueryTypes.SELECT as const };
    statements.push(copyOf(copied, await database.query<Column>(COLUMNS, options)));
  }
  for (let done = 0; done < tasks; done += BATCH) {
    stopping?.throwIfAborted();
    const last = Math.min(tasks, done + BATCH);
    await database.transaction(async (transaction) => {
      // No trigger and no foreign key: an audit of the copies is what shows that they are sound.
      await database.query("SET LOCAL session_replication_role = 'replica'", { transaction });
      await database.query(COPIES, { bind: [done + 1, last, tasks], transaction });
      for (const sql of statements) await database.query(sql, { transaction });
    });
    onBatch?.(last);
  }
  await database.query('DROP TABLE originals');
}
