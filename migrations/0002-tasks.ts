import type { MigrationContext } from '../src/persistence/migration.ts';

/** Tasks. A final task has an end and never changes its status again. */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE TYPE taskstatus AS ENUM ('routing', 'offered', 'queued', 'in_progress', 'waiting', 'blocked',
      'completed', 'failed', 'rejected', 'cancelled');
    CREATE TYPE taskpriority AS ENUM ('urgent', 'high', 'medium', 'low');
    CREATE TABLE tasks (
      id uuid PRIMARY KEY,
      title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 500),
      description text,
      tags text[] NOT NULL DEFAULT '{}',
      priority taskpriority NOT NULL DEFAULT 'medium',
      estimated_duration integer CHECK (estimated_duration >= 0),
      metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
      requester text,
      external_ref text,
      due_at timestamptz,
      not_before timestamptz,
      parent_task_id uuid REFERENCES tasks (id) ON DELETE CASCADE,
      status taskstatus NOT NULL DEFAULT 'routing',
      blocked_on text CHECK (blocked_on IN ('held', 'question')),
      entry_instance_id uuid NOT NULL REFERENCES hopper_instances (id),
      instance_id uuid NOT NULL REFERENCES hopper_instances (id),
      step integer NOT NULL DEFAULT 0 CHECK (step >= 0),
      confirmed_step integer NOT NULL DEFAULT -1,
      event_seq integer NOT NULL DEFAULT 0,
      exclusions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(exclusions) = 'array'),
      result jsonb,
      failure jsonb,
      finished_by text,
      submission_hash text NOT NULL DEFAULT '',
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz,
      CHECK ((status IN ('completed', 'failed', 'rejected', 'cancelled')) = (finished_at IS NOT NULL)),
      CHECK ((status = 'blocked') = (blocked_on IS NOT NULL)),
      CHECK (result IS NULL OR status = 'completed'),
      CHECK (failure IS NULL OR status IN ('failed', 'rejected', 'cancelled'))
    );
    CREATE INDEX ix_tasks_open_at_instance ON tasks (instance_id, status)
      WHERE status IN ('routing', 'offered', 'queued', 'in_progress', 'waiting', 'blocked');
    CREATE INDEX ix_tasks_created_at ON tasks (created_at DESC, id DESC);
    CREATE INDEX ix_tasks_parent_task_id ON tasks (parent_task_id) WHERE parent_task_id IS NOT NULL;
    CREATE INDEX ix_tasks_tags ON tasks USING gin (tags);
    CREATE INDEX ix_tasks_unconfirmed ON tasks (updated_at) WHERE confirmed_step < step;
  `);
  await run(FINAL_STAYS_FINAL);
}

const FINAL_STAYS_FINAL = `
  CREATE FUNCTION hopper_task_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'task % is %, which is final', OLD.id, OLD.status USING ERRCODE = 'check_violation';
  END $$;
  CREATE TRIGGER tasks_final_stays_final BEFORE UPDATE OF status ON tasks FOR EACH ROW
    WHEN (OLD.finished_at IS NOT NULL AND NEW.status <> OLD.status) EXECUTE FUNCTION hopper_task_is_final();
`;

export async function down(run: MigrationContext): Promise<void> {
  await run('DROP TABLE tasks; DROP FUNCTION hopper_task_is_final; DROP TYPE taskpriority; DROP TYPE taskstatus;');
}
