import type { MigrationContext } from '../src/persistence/migration.ts';

/** The orders of a queue that a behaviour may ask for instead of the standard one, each as one look at an index (rule O3). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE INDEX ix_tasks_queue_by_age ON tasks (instance_id, queued_at, priority, id) WHERE status = 'queued';
    CREATE INDEX ix_tasks_queue_by_priority ON tasks (instance_id, priority, queued_at, id) WHERE status = 'queued';
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('DROP INDEX ix_tasks_queue_by_priority; DROP INDEX ix_tasks_queue_by_age;');
}
