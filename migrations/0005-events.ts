import type { MigrationContext } from '../src/persistence/migration.ts';

const APPEND_ONLY = ['task_events', 'instance_events'];

/** The audit trails: append-only, without foreign keys, so that they survive what they tell of (rules E1 and E3). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE TABLE task_events (
      task_id uuid NOT NULL,
      seq integer NOT NULL CHECK (seq > 0),
      type text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      actor jsonb NOT NULL,
      command_id text,
      data jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (task_id, seq)
    );
    CREATE UNIQUE INDEX ux_task_events_command ON task_events (task_id, command_id) WHERE command_id IS NOT NULL;
    CREATE TABLE instance_events (
      instance_id uuid NOT NULL,
      seq integer NOT NULL CHECK (seq > 0),
      type text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      actor jsonb NOT NULL,
      data jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (instance_id, seq)
    );
    CREATE FUNCTION hopper_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END $$;
    ${APPEND_ONLY.map(appendOnly).join('\n')}
    CREATE FUNCTION hopper_task_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO task_events (task_id, seq, type, actor, data)
      VALUES (OLD.id, OLD.event_seq + 1, 'deleted', '{"name": "hopper", "role": "system"}',
        jsonb_build_object('status', OLD.status, 'title', OLD.title));
      RETURN NULL;
    END $$;
    CREATE TRIGGER tasks_deleted AFTER DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION hopper_task_deleted();
    CREATE FUNCTION hopper_task_not_resurrected() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM task_events WHERE task_id = NEW.id AND type = 'deleted') THEN
        RAISE EXCEPTION 'task % was deleted', NEW.id USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER tasks_not_resurrected BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION hopper_task_not_resurrected();
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run(`
    DROP TRIGGER tasks_not_resurrected ON tasks;
    DROP TRIGGER tasks_deleted ON tasks;
    DROP TABLE instance_events;
    DROP TABLE task_events;
    DROP FUNCTION hopper_task_not_resurrected;
    DROP FUNCTION hopper_task_deleted;
    DROP FUNCTION hopper_append_only;
  `);
}

function appendOnly(table: string): string {
  return `
    CREATE TRIGGER ${table}_rows BEFORE UPDATE OR DELETE ON ${table}
      FOR EACH ROW EXECUTE FUNCTION hopper_append_only();
    CREATE TRIGGER ${table}_truncate BEFORE TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION hopper_append_only();
  `;
}
