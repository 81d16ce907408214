import type { MigrationContext } from '../src/persistence/migration.ts';

/** What instances can be found by: labels (name, capabilities, keywords) weigh more than prose (description) (rule K1). */
export async function up(run: MigrationContext): Promise<void> {
  await run(`
    ALTER TABLE hopper_instances ADD COLUMN search_labels text NOT NULL DEFAULT '',
      ADD COLUMN search_prose text NOT NULL DEFAULT '';
    UPDATE hopper_instances SET search_prose = coalesce(config ->> 'description', ''),
      search_labels = concat_ws(' ', name,
        (SELECT string_agg(label, ' ') FROM jsonb_array_elements_text(coalesce(config -> 'capabilities', '[]')) label),
        (SELECT string_agg(label, ' ') FROM jsonb_array_elements_text(coalesce(config -> 'keywords', '[]')) label));
    ALTER TABLE hopper_instances ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
      setweight(to_tsvector('english', search_labels), 'A') || setweight(to_tsvector('english', search_prose), 'C')
    ) STORED;
    CREATE INDEX ix_hopper_instances_search ON hopper_instances USING gin (search);
  `);
}

export async function down(run: MigrationContext): Promise<void> {
  await run('ALTER TABLE hopper_instances DROP COLUMN search, DROP COLUMN search_prose, DROP COLUMN search_labels;');
}
