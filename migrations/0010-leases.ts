import type { MigrationContext } from '../src/persistence/migration.ts';

/**
 * Leases: a worker's right to work on a task. An open one is a slot of its instance (rules W2 and W3). The order of a
 * queue is a column, so that the next task is one look at an index: each priority is worth an hour of waiting (rule W1).
 */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    ALTER TABLE tasks
      ADD COLUMN queued_at timestamptz,
      ADD COLUMN available_at timestamptz,
      ADD COLUMN questions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(questions) = 'array'),
      ADD COLUMN hop_attempts integer NOT NULL DEFAULT 0 CHECK (hop_attempts >= 0),
      ADD COLUMN total_attempts integer NOT NULL DEFAULT 0 CHECK (total_attempts >= hop_attempts),
      ADD COLUMN queue_key double precision GENERATED ALWAYS AS (
        extract(epoch FROM (queued_at - timestamptz '1970-01-01 00:00:00+00'))
          + CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 3600 WHEN 'medium' THEN 7200 ELSE 10800 END
      ) STORED;
    UPDATE tasks SET queued_at = updated_at WHERE status IN ('queued', 'in_progress');
    CREATE INDEX ix_tasks_queue ON tasks (instance_id, queue_key, id) WHERE status = 'queued';
    CREATE TABLE leases (
      id uuid PRIMARY KEY,
      task_id uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
      instance_id uuid NOT NULL REFERENCES hopper_instances (id),
      slot_no integer NOT NULL CHECK (slot_no >= 0),
      worker_id text NOT NULL,
      request_id text,
      attempt integer NOT NULL CHECK (attempt > 0),
      timeout_seconds integer NOT NULL CHECK (timeout_seconds > 0),
      started_at timestamptz NOT NULL,
      heartbeat_at timestamptz NOT NULL,
      expires_at timestamptz,
      progress_note text,
      progress_percent integer CHECK (progress_percent BETWEEN 0 AND 100),
      ended_at timestamptz,
      outcome text CHECK (outcome IN ('completed', 'failed', 'released', 'expired', 'left')),
      reason text,
      output text,
      UNIQUE (task_id, attempt),
      UNIQUE (worker_id, request_id),
      CHECK ((ended_at IS NULL) = (outcome IS NULL))
    );
    CREATE UNIQUE INDEX ux_leases_open_slot ON leases (instance_id, slot_no) WHERE ended_at IS NULL;
    CREATE UNIQUE INDEX ux_leases_open_task ON leases (task_id) WHERE ended_at IS NULL;
    CREATE INDEX ix_leases_expiry ON leases (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;
    CREATE TABLE server_keys (id boolean PRIMARY KEY DEFAULT true CHECK (id), key text NOT NULL);
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run(`
    DROP TABLE server_keys;
    DROP TABLE leases;
    ALTER TABLE tasks DROP COLUMN queue_key, DROP COLUMN total_attempts, DROP COLUMN hop_attempts,
      DROP COLUMN available_at, DROP COLUMN questions, DROP COLUMN queued_at;
  `);
}
