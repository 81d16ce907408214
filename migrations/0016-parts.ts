import type { MigrationContext } from '../src/persistence/migration.ts';

/** Parts: which task they are a part of, what they wait for, and in which order they may begin (rules J1 to J4). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    ALTER TABLE tasks
      ADD COLUMN part_key text,
      ADD COLUMN part_no integer CHECK (part_no >= 0),
      ADD COLUMN part_after uuid[] NOT NULL DEFAULT '{}',
      ADD COLUMN part_release integer CHECK (part_release >= 0),
      ADD COLUMN part_depth integer NOT NULL DEFAULT 0 CHECK (part_depth BETWEEN 0 AND 5),
      ADD COLUMN parts_join text CHECK (parts_join IN ('all', 'any', 'best_effort')),
      ADD CONSTRAINT tasks_part_is_whole CHECK (
        (parent_task_id IS NULL) = (part_key IS NULL) AND (part_key IS NULL) = (part_no IS NULL)
        AND (parent_task_id IS NULL) = (part_depth = 0));
    ALTER TABLE leases DROP CONSTRAINT leases_outcome_check, ADD CONSTRAINT leases_outcome_check
      CHECK (outcome IN ('completed', 'failed', 'released', 'expired', 'decomposed', 'left'));
    CREATE UNIQUE INDEX uq_tasks_part_key ON tasks (parent_task_id, part_key) WHERE parent_task_id IS NOT NULL;
    CREATE UNIQUE INDEX uq_tasks_part_release ON tasks (parent_task_id, part_release) WHERE part_release IS NOT NULL;
    CREATE INDEX ix_tasks_waiting ON tasks (updated_at) WHERE status = 'waiting';
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run(`
    UPDATE leases SET outcome = 'left' WHERE outcome = 'decomposed';
    ALTER TABLE leases DROP CONSTRAINT leases_outcome_check, ADD CONSTRAINT leases_outcome_check
      CHECK (outcome IN ('completed', 'failed', 'released', 'expired', 'left'));
    DROP INDEX ix_tasks_waiting;
    DROP INDEX uq_tasks_part_release;
    DROP INDEX uq_tasks_part_key;
    ALTER TABLE tasks DROP CONSTRAINT tasks_part_is_whole, DROP COLUMN part_key, DROP COLUMN part_no,
      DROP COLUMN part_after, DROP COLUMN part_release, DROP COLUMN part_depth, DROP COLUMN parts_join;
  `);
}
