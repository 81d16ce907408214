import type { MigrationContext } from '../src/persistence/migration.ts';

/** When leases were last looked through: a gap means that we were away, not the workers (rule W5). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    CREATE TABLE sweeps (id boolean PRIMARY KEY DEFAULT true CHECK (id), swept_at timestamptz NOT NULL DEFAULT now());
    INSERT INTO sweeps DEFAULT VALUES;
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('DROP TABLE sweeps');
}
