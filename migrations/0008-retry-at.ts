import type { MigrationContext } from '../src/persistence/migration.ts';

/** When a task that was postponed is decided again (rule R8). */
export async function up(run: MigrationContext): Promise<void> {
  await run("ALTER TABLE tasks ADD COLUMN retry_at timestamptz CHECK (retry_at IS NULL OR status = 'routing')");
}

export async function down(run: MigrationContext): Promise<void> {
  await run('ALTER TABLE tasks DROP COLUMN retry_at');
}
