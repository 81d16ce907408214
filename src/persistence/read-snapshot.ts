import type { Sequelize, Transaction } from 'sequelize';

/** Reads everything as it stood at one moment, without a lock; the database refuses whatever would write. */
export function readSnapshot<Result>(
  database: Sequelize,
  read: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return database.transaction(async (transaction) => {
    await database.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY', { transaction });
    return read(transaction);
  });
}
