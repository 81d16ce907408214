import type { MigrationContext } from '../src/persistence/migration.ts';

/** Locks as functions: all that a step locks is one statement, in one order. */
export async function up(run: MigrationContext): Promise<void> {
  await run(LOCK_INSTANCES);
  await run(LOCK_TASK);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('DROP FUNCTION hopper_lock_task; DROP FUNCTION hopper_lock_instances;');
}

/** In the order given, which is by id; held until the transaction ends. */
const LOCK_INSTANCES = `
  CREATE FUNCTION hopper_lock_instances(instances text[], alone boolean) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE instance text;
  BEGIN
    FOREACH instance IN ARRAY instances LOOP
      IF alone THEN PERFORM pg_advisory_xact_lock(hashtextextended(instance, 0));
      ELSE PERFORM pg_advisory_xact_lock_shared(hashtextextended(instance, 0));
      END IF;
    END LOOP;
  END $$;
`;

/** The instances first, then the row of the task (lock order). */
const LOCK_TASK = `
  CREATE FUNCTION hopper_lock_task(task uuid, instances text[], alone boolean) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM hopper_lock_instances(instances, alone);
    PERFORM FROM tasks t WHERE t.id = task FOR UPDATE;
  END $$;
`;
