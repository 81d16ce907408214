import type { MigrationContext } from '../src/persistence/migration.ts';

/** What the behaviours answered, one decision for each step of a task at most. */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE TYPE routingaction AS ENUM ('delegate', 'execute', 'queue', 'escalate', 'reject', 'decompose');
    CREATE TABLE routing_decisions (
      id uuid PRIMARY KEY,
      task_id uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
      step integer NOT NULL CHECK (step >= 0),
      instance_id uuid NOT NULL REFERENCES hopper_instances (id),
      action routingaction NOT NULL,
      target_instance_id uuid REFERENCES hopper_instances (id),
      delegation_id uuid REFERENCES task_delegations (id) ON DELETE CASCADE,
      reason text NOT NULL,
      strategy text NOT NULL,
      policy_hash text NOT NULL,
      candidates jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(candidates) = 'array'),
      candidates_left_out integer NOT NULL DEFAULT 0 CHECK (candidates_left_out >= 0),
      decided_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (task_id, step),
      CHECK ((action = 'delegate') = (target_instance_id IS NOT NULL))
    );
    CREATE INDEX ix_routing_decisions_delegation_id ON routing_decisions (delegation_id) WHERE delegation_id IS NOT NULL;
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('DROP TABLE routing_decisions; DROP TYPE routingaction;');
}
