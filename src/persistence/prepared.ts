import { createHash } from 'node:crypto';
import type { Sequelize, Transaction } from 'sequelize';
import { type Connection, connectionOf, sendStraight } from './connection.ts';

/** A statement that is run often and names its columns: the server parses and plans it once for each connection. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

export function prepared(text: string): Prepared {
  return { name: `hopper_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`, text };
}

/** Runs a prepared statement on a connection of the pool, that of the transaction if there is one (decision 0014). */
export async function rowsOf<Row extends object>(
  database: Sequelize,
  transaction: Transaction | null,
  statement: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  if (transaction !== null) {
    refuseIfOver(transaction);
    return sendStraight<Row>(connectionOf(transaction), { ...statement, values });
  }
  const { connectionManager } = database;
  const connection = await connectionManager.getConnection({ type: 'write' });
  try {
    return await sendStraight<Row>(connection as Connection, { ...statement, values });
  } finally {
    connectionManager.releaseConnection(connection);
  }
}

function refuseIfOver(transaction: Transaction): void {
  const { finished } = transaction as Transaction & { finished?: string };
  if (finished !== undefined) throw new TypeError(`the transaction is over: ${finished}`);
}
