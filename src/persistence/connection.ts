import { DatabaseError, type Transaction } from 'sequelize';

/** A statement as `pg` takes it; one without values is sent as text. */
export interface Statement {
  readonly text: string;
  readonly name?: string;
  readonly values?: readonly unknown[];
}

/** A connection of Sequelize's pool, as `pg` made it. */
export interface Connection {
  query: (statement: Statement) => Promise<{ rows: object[] }>;
  _invalid?: boolean;
}

/** The connection that a transaction holds. */
export function connectionOf(transaction: Transaction): Connection {
  const { connection } = transaction as Transaction & { connection?: Connection };
  if (connection === undefined) throw new TypeError('the transaction has not begun');
  return connection;
}

/** Sends a statement past Sequelize, whose own way takes longer than the server takes to answer; errors are the same. */
export async function sendStraight<Row>(connection: Connection, statement: Statement): Promise<Row[]> {
  try {
    const { rows } = await connection.query(statement);
    return rows as Row[];
  } catch (error) {
    throw databaseError(connection, error, statement.text);
  }
}

/** As Sequelize does it: a connection that was reset does not go back to the pool. */
function databaseError(connection: Connection, error: unknown, sql: string): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'ECONNRESET') connection._invalid = true;
  return new DatabaseError(Object.assign(error, { sql }));
}
