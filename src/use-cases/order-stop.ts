import type { Transaction } from 'sequelize';
import type { Actor } from '../domain/actor.ts';
import { NO_ORDERS, type StopOrders } from '../domain/drain.ts';
import { type Instance, canInstanceMove } from '../domain/instance.ts';
import type { Ports } from './ports.ts';

/** What is wanted besides the stop. */
export interface StopWish {
  readonly force?: boolean;
  readonly thenDelete?: boolean;
}

/**
 * Begins the stop of an instance, or adds to the orders of one that is under way: an order that stands is not taken back.
 * null: it is in no state to stop. The caller holds its exclusive lock.
 */
export async function orderStop(
  { repositories: { instances } }: Ports,
  transaction: Transaction,
  instance: Instance,
  wish: StopWish,
  actor: Actor,
): Promise<Instance | null> {
  const { id, status } = instance;
  const isStopping = status === 'stopping';
  const before = isStopping ? await instances.stopOrders(transaction, id) : NO_ORDERS;
  const orders: StopOrders = {
    forcedBy: before.forcedBy ?? (wish.force === true ? actor.name : null),
    deletedBy: before.deletedBy ?? (wish.thenDelete === true ? actor.name : null),
  };
  if (isStopping) {
    if (orders.forcedBy === before.forcedBy && orders.deletedBy === before.deletedBy) return instance;
    await instances.orderStop(transaction, id, orders, actor);
    return instances.get(transaction, id);
  }
  if (!canInstanceMove(status, 'stopping')) return null;
  return instances.move(transaction, id, { from: status, to: 'stopping' }, actor, orders);
}
