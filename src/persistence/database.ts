import { Sequelize, type Transaction } from 'sequelize';
import { lastingPg } from './lasting-client.ts';
import { prepared, rowsOf } from './prepared.ts';
import { sendTransactionsStraight } from './transactions.ts';

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
  sendTransactionsStraight(database);
  return database;
}

/** How instances are locked for a transaction. */
export type LockMode = 'shared' | 'exclusive';

/** In which order instances are locked, by whoever locks several (lock order). */
export function inLockOrder(instanceIds: readonly string[]): readonly string[] {
  return [...new Set(instanceIds)].sort();
}

const LOCK = prepared('SELECT hopper_lock_instances($1, $2)');

/** Takes the advisory locks of instances for this transaction, in id order (design: lock order). */
export async function lockInstances(
  transaction: Transaction,
  instanceIds: readonly string[],
  mode: LockMode,
): Promise<void> {
  const { sequelize } = transaction as Transaction & { sequelize: Sequelize };
  await rowsOf(sequelize, transaction, LOCK, [inLockOrder(instanceIds), mode === 'exclusive']);
}
