import type { Transaction } from 'sequelize';
import { HOPPER } from '../domain/actor.ts';
import type { DrainReport } from '../domain/drain.ts';
import type { Instance } from '../domain/instance.ts';
import { isUuid } from '../domain/uuid.ts';
import { lockInstances } from '../persistence/database.ts';
import { tasksLeft } from '../persistence/queries/drain.query.ts';
import { reasonToKeep } from './delete-instance.ts';
import type { Ports } from './ports.ts';

export type FinishDrain = (ask: { readonly instanceId: string }) => Promise<DrainReport>;

/** A stopping instance that has nothing left is stopped; looked at under its exclusive lock, so that nothing comes in between (rule I5). */
export function createFinishDrain(ports: Ports): FinishDrain {
  const { database, repositories } = ports;
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
      const { deletedBy } = await repositories.instances.stopOrders(transaction, instanceId);
      const move = { from: 'stopping', to: 'stopped' } as const;
      const stopped = await repositories.instances.move(transaction, instanceId, move, HOPPER);
      const isGone = stopped !== null && deletedBy !== null && (await terminate(ports, transaction, stopped));
      return { instance: { name, status: isGone ? 'terminated' : 'stopped' }, left };
    });
}

/** What was to be deleted is terminated, unless a task is held there or something has come below it; then it says why (rule I6). */
async function terminate(ports: Ports, transaction: Transaction, instance: Instance): Promise<boolean> {
  const { instances } = ports.repositories;
  const reason = await reasonToKeep(ports, transaction, instance);
  if (reason === null)
    return (await instances.move(transaction, instance.id, { from: 'stopped', to: 'terminated' }, HOPPER)) !== null;
  await instances.note(transaction, instance.id, 'instance_kept', { reason: `${instance.name} ${reason}` });
  return false;
}
