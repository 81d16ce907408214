import type { MigrationContext } from '../src/persistence/migration.ts';

/** Pages of tasks and of offers, and the look through the records, stay as quick as they were, however many tasks have ended. */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE INDEX ix_tasks_of_instance ON tasks (instance_id, created_at DESC, id DESC);
    CREATE INDEX ix_tasks_not_completed ON tasks (status, created_at DESC, id DESC)
      WHERE status IN ('failed', 'rejected', 'cancelled');
    CREATE INDEX ix_task_delegations_pending ON task_delegations (target_instance_id, delegated_at, id)
      WHERE status = 'pending';
    CREATE INDEX ix_tasks_to_look_at ON tasks (id)
      WHERE status IN ('routing', 'offered', 'queued', 'in_progress', 'waiting', 'blocked') OR confirmed_step < step;
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run(`
    DROP INDEX ix_tasks_to_look_at;
    DROP INDEX ix_task_delegations_pending;
    DROP INDEX ix_tasks_not_completed;
    DROP INDEX ix_tasks_of_instance;
  `);
}
