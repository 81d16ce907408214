import type { MigrationContext } from '../src/persistence/migration.ts';

const APPEND_ONLY = ['policies', 'policy_publications'];

/** Each policy once by its hash, and which of them was in force since when; the newest publication is (rules Y3 and Y4). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE TABLE policies (
      hash text PRIMARY KEY,
      text text NOT NULL,
      policy jsonb NOT NULL CHECK (jsonb_typeof(policy) = 'object'),
      first_published_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE policy_publications (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      hash text REFERENCES policies (hash),
      problem text,
      published_at timestamptz NOT NULL DEFAULT now(),
      published_by text NOT NULL,
      command_id text UNIQUE,
      CHECK ((hash IS NULL) <> (problem IS NULL))
    );
    CREATE INDEX ix_policy_publications_published ON policy_publications (seq) WHERE hash IS NOT NULL;
    ${APPEND_ONLY.map(appendOnly).join('\n')}
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('DROP TABLE policy_publications; DROP TABLE policies;');
}

function appendOnly(table: string): string {
  return `
    CREATE TRIGGER ${table}_rows BEFORE UPDATE OR DELETE ON ${table}
      FOR EACH ROW EXECUTE FUNCTION hopper_append_only();
    CREATE TRIGGER ${table}_truncate BEFORE TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION hopper_append_only();
  `;
}
