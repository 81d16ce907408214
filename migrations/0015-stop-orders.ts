import type { MigrationContext } from '../src/persistence/migration.ts';

/** What whoever stops an instance wants besides: its work ended by force, or the instance terminated (rules I4 and I6). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    ALTER TABLE hopper_instances
      ADD COLUMN stop_forced_by text,
      ADD COLUMN delete_asked_by text,
      ADD CONSTRAINT hopper_instances_stop_orders
        CHECK (status = 'stopping' OR (stop_forced_by IS NULL AND delete_asked_by IS NULL));
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('ALTER TABLE hopper_instances DROP COLUMN delete_asked_by, DROP COLUMN stop_forced_by;');
}
