import { HOPPER } from '../domain/actor.ts';
import type { DrainReport } from '../domain/drain.ts';
import { isUuid } from '../domain/uuid.ts';
import { lockInstances } from '../persistence/database.ts';
import { tasksLeft } from '../persistence/queries/drain.query.ts';
import type { Ports } from './ports.ts';

export type FinishDrain = (ask: { readonly instanceId: string }) => Promise<DrainReport>;

/** A stopping instance that has nothing left is stopped; looked at under its exclusive lock, so that nothing comes in between (rule I5). */
export function createFinishDrain({ database, repositories }: Ports): FinishDrain {
  return ({ instanceId }) =>
    database.transaction(async (transaction): Promise<DrainReport> => {
      if (!isUuid(instanceId)) return { instance: null, left: [] };
      await lockInstances(transaction, [instanceId], 'exclusive');
      const instance = await repositories.instances.get(transaction, instanceId);
      if (instance === null) return { instance: null, left: [] };
      const { name, status } = instance;
      if (status !== 'stopping') return { instance: { name, status }, left: [] };
      const left = await tasksLeft(database, transaction, instanceId);
      if (left.length > 0) return { instance: { name, status }, left };
      await repositories.instances.move(transaction, instanceId, { from: 'stopping', to: 'stopped' }, HOPPER);
      return { instance: { name, status: 'stopped' }, left };
    });
}
