import type { Sequelize } from 'sequelize';

/** A statement that was sent, and how long its answer took. */
export interface Statement {
  readonly sql: string;
  readonly ms: number;
}

/** Watches the statements of a pool; each call answers those since the call before. */
export function watchStatements(database: Sequelize): () => Statement[] {
  let seen: Statement[] = [];
  const query = database.query.bind(database) as (...args: unknown[]) => Promise<unknown>;
  const watched = async (...args: unknown[]): Promise<unknown> => {
    const began = performance.now();
    const answer = await query(...args);
    seen.push({ sql: nameOf(args[0]), ms: performance.now() - began });
    return answer;
  };
  Object.assign(database, { query: watched });
  return () => {
    const since = seen;
    seen = [];
    return since;
  };
}

function nameOf(query: unknown): string {
  const sql = typeof query === 'string' ? query : String((query as { query: unknown }).query);
  return sql.replaceAll(/\s+/g, ' ').trim();
}
