import type { Sequelize, Transaction } from 'sequelize';
import { connectionOf, sendStraight } from './connection.ts';

type Step = (transaction: Transaction, options: object) => Promise<unknown>;
type Steps = Record<'startTransaction' | 'commitTransaction' | 'rollbackTransaction', Step>;

/**
 * Has the transactions of a pool begun and ended past Sequelize's own way of sending statements (decision 0014). All else of a
 * transaction, its connection, its end in an error and its hooks, is Sequelize's, and so are savepoints.
 */
export function sendTransactionsStraight(database: Sequelize): void {
  const steps = database.getQueryInterface() as unknown as Steps;
  const [start, commit, rollback] = [steps.startTransaction, steps.commitTransaction, steps.rollbackTransaction];
  steps.startTransaction = straight('START TRANSACTION', null, start.bind(steps));
  steps.commitTransaction = straight('COMMIT', 'commit', commit.bind(steps));
  steps.rollbackTransaction = straight('ROLLBACK', 'rollback', rollback.bind(steps));
}

function straight(text: string, finished: 'commit' | 'rollback' | null, theirs: Step): Step {
  return async (transaction, options) => {
    const own = transaction as Transaction & { parent?: Transaction; finished?: string };
    if (own.parent) return theirs(transaction, options);
    if (finished !== null) own.finished = finished;
    return sendStraight(connectionOf(transaction), { text });
  };
}
