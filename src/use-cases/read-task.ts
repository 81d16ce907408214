import type { Ports } from './ports.ts';
import { snapshotOf } from './snapshot.ts';
import type { StepResult } from '../domain/step-result.ts';

export type ReadTask = (ask: { readonly taskId: string }) => Promise<StepResult>;

/** The row as it stands; writes nothing. */
export function createReadTask({ database, repositories }: Ports): ReadTask {
  return ({ taskId }) =>
    database.transaction(async (transaction): Promise<StepResult> => {
      const locked = await repositories.tasks.lock(transaction, taskId, '');
      if (locked === null) return { verdict: 'gone' };
      return { verdict: 'done', row: snapshotOf(locked, locked) };
    });
}
