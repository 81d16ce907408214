import type { MigrationContext } from '../src/persistence/migration.ts';

/** Delegations, with the specification's columns and indexes, and with its lifecycle as a trigger (rules D1 to D3). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE TYPE delegationtype AS ENUM ('route', 'decompose', 'escalate', 'reassign');
    CREATE TYPE delegationstatus AS ENUM ('pending', 'accepted', 'rejected', 'completed', 'expired', 'cancelled');
    CREATE TABLE task_delegations (
      id uuid PRIMARY KEY,
      task_id uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
      hop integer NOT NULL CHECK (hop >= 0),
      source_instance_id uuid NOT NULL REFERENCES hopper_instances (id),
      target_instance_id uuid NOT NULL REFERENCES hopper_instances (id),
      delegation_type delegationtype NOT NULL DEFAULT 'route',
      status delegationstatus NOT NULL DEFAULT 'pending',
      delegated_at timestamptz NOT NULL DEFAULT now(),
      accepted_at timestamptz,
      completed_at timestamptz,
      expires_at timestamptz,
      decided_by text,
      rejection_code text,
      retryable boolean NOT NULL DEFAULT false,
      result jsonb,
      notes text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (task_id, hop),
      CHECK (source_instance_id <> target_instance_id OR delegation_type = 'decompose'),
      CHECK (status <> 'accepted' OR accepted_at IS NOT NULL),
      CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
      CHECK (rejection_code IS NULL OR status = 'rejected')
    );
    CREATE INDEX ix_task_delegations_task_id ON task_delegations (task_id);
    CREATE INDEX ix_task_delegations_source_instance_id ON task_delegations (source_instance_id);
    CREATE INDEX ix_task_delegations_target_instance_id ON task_delegations (target_instance_id, delegated_at DESC);
    CREATE INDEX ix_task_delegations_status ON task_delegations (status, expires_at);
    CREATE UNIQUE INDEX ux_task_delegations_one_pending ON task_delegations (task_id) WHERE status = 'pending';
    CREATE FUNCTION hopper_delegation_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (OLD.status, NEW.status) IN (('pending', 'accepted'), ('pending', 'rejected'), ('pending', 'expired'),
        ('pending', 'cancelled'), ('accepted', 'completed'), ('accepted', 'cancelled')) THEN RETURN NEW;
      END IF;
      RAISE EXCEPTION 'delegation % cannot go from % to %', OLD.id, OLD.status, NEW.status
        USING ERRCODE = 'check_violation';
    END $$;
    CREATE TRIGGER task_delegations_lifecycle BEFORE UPDATE OF status ON task_delegations FOR EACH ROW
      WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION hopper_delegation_moves();
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run(`
    DROP TABLE task_delegations;
    DROP FUNCTION hopper_delegation_moves;
    DROP TYPE IF EXISTS delegationstatus;
    DROP TYPE IF EXISTS delegationtype;
  `);
}
