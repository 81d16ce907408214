import type { MigrationContext } from '../src/persistence/migration.ts';

/** The tree of instances. The scope of a parent is part of its foreign key, so a tree of the wrong shape cannot be stored. */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE TYPE hopperscope AS ENUM ('global', 'project', 'orchestration');
    CREATE TYPE instancestatus AS ENUM
      ('created', 'starting', 'running', 'paused', 'stopping', 'stopped', 'error', 'terminated');
    CREATE TABLE hopper_instances (
      id uuid PRIMARY KEY,
      name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
      scope hopperscope NOT NULL,
      status instancestatus NOT NULL DEFAULT 'created',
      parent_id uuid,
      parent_scope hopperscope GENERATED ALWAYS AS (
        CASE scope WHEN 'project' THEN 'global'::hopperscope WHEN 'orchestration' THEN 'project'::hopperscope END
      ) STORED,
      config jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(config) = 'object'),
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (id, scope),
      CHECK ((scope = 'global') = (parent_id IS NULL)),
      FOREIGN KEY (parent_id, parent_scope) REFERENCES hopper_instances (id, scope)
    );
    CREATE UNIQUE INDEX ux_hopper_instances_sibling_name
      ON hopper_instances (coalesce(parent_id, '00000000-0000-0000-0000-000000000000'), lower(name))
      WHERE status <> 'terminated';
    CREATE INDEX ix_hopper_instances_parent_id ON hopper_instances (parent_id, status);
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('DROP TABLE hopper_instances; DROP TYPE instancestatus; DROP TYPE hopperscope;');
}
