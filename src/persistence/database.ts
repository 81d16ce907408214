import { Sequelize, type Transaction } from 'sequelize';
import { lastingPg } from './lasting-client.ts';
import { prepareMarked, prepared } from './prepared.ts';

export interface DatabaseOptions {
  readonly maxConnections: number;
  /** No limit on how long a statement or a transaction may take: for migrations, which wait for each other. */
  readonly isPatient?: boolean;
}

/** So long a caller waits for a connection. */
const ACQUIRE_MS = 5_000;
/** Longer: on a machine that is very busy all handshakes are slow, and those that were given up would be made again for ever. */
const CONNECT_MS = 30_000;
const LIMITS = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 };

/** A pool of connections to PostgreSQL that survives the server's restarts. Nothing connects before the first query. */
export function openDatabase(url: string, options: DatabaseOptions): Sequelize {
  const database = new Sequelize(url, {
    dialect: 'postgres',
    dialectModule: lastingPg,
    logging: false,
    pool: { max: options.maxConnections, min: 0, idle: 30_000, acquire: ACQUIRE_MS },
    dialectOptions: {
      application_name: 'hopper',
      connectionTimeoutMillis: CONNECT_MS,
      ...(options.isPatient === true ? {} : LIMITS),
    },
  });
  database.addHook('afterConnect', prepareMarked);
  return database;
}

/** Takes the advisory locks of instances for this transaction, in id order (design: lock order). */
export async function lockInstances(
  transaction: Transaction,
  instanceIds: readonly string[],
  mode: 'shared' | 'exclusive',
): Promise<void> {
  const { sequelize } = transaction as Transaction & { sequelize: Sequelize };
  const take = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  const ordered = [...new Set(instanceIds)].sort();
  const calls = ordered.map((_, index) => `${take}(hashtextextended($${String(index + 1)}, 0))`);
  await sequelize.query(prepared(`SELECT ${calls.join(', ')}`), { bind: ordered, transaction });
}
