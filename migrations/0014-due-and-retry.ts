import type { MigrationContext } from '../src/persistence/migration.ts';

/**
 * Which due time of a task was missed last (rule T6), and of which task it is a copy (rule T7). A copy outlives what it
 * was made of, as events do, so that this is no foreign key.
 */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    ALTER TABLE tasks ADD COLUMN missed_due_at timestamptz, ADD COLUMN retry_of uuid CHECK (retry_of <> id);
    CREATE INDEX ix_tasks_due ON tasks (due_at, id)
      WHERE due_at IS NOT NULL AND finished_at IS NULL AND missed_due_at IS DISTINCT FROM due_at;
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('ALTER TABLE tasks DROP COLUMN retry_of, DROP COLUMN missed_due_at');
}
