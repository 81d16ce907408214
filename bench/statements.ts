import type { Sequelize } from 'sequelize';

/** A statement that was sent, and how long its answer took. */
export interface Statement {
  readonly sql: string;
  readonly ms: number;
}

type Send = (...args: readonly unknown[]) => unknown;

/** Watches the statements of a pool, on its connections; each call answers those since the call before. */
export function watchStatements(database: Sequelize): () => Statement[] {
  let seen: Statement[] = [];
  const watched = new WeakSet();
  database.addHook('afterPoolAcquire', (connection: unknown) => {
    const target = connection as { query: Send };
    if (watched.has(target)) return;
    watched.add(target);
    const send = target.query.bind(target);
    target.query = (...args) => {
      const began = performance.now();
      const end = (): void => void seen.push({ sql: nameOf(args[0]), ms: performance.now() - began });
      return sendTold(send, args, end);
    };
  });
  return () => {
    const since = seen;
    seen = [];
    return since;
  };
}

/** Sequelize hands over a function to call back, Hopper's own statements come with a promise. */
function sendTold(send: Send, args: readonly unknown[], end: () => void): unknown {
  const last = args.at(-1);
  if (typeof last !== 'function') return (send(...args) as Promise<unknown>).finally(end);
  const told = (...answer: unknown[]): void => {
    end();
    (last as Send)(...answer);
  };
  return send(...args.slice(0, -1), told);
}

function nameOf(query: unknown): string {
  const sql = typeof query === 'string' ? query : String((query as { text: unknown }).text);
  return sql.replaceAll(/\s+/g, ' ').trim();
}
