/** Runs SQL inside the transaction of one migration. */
export type MigrationContext = (sql: string) => Promise<void>;

/** One numbered step of the schema, up and down. */
export interface Migration {
  readonly up: (run: MigrationContext) => Promise<void>;
  readonly down: (run: MigrationContext) => Promise<void>;
}
