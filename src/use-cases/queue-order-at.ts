import type { Transaction } from 'sequelize';
import type { Instance } from '../domain/instance.ts';
import { policyAt } from '../domain/policy.ts';
import { orderingAt } from '../domain/scopes/ask-behavior.ts';
import { type QueueOrder, queueOrderOf } from '../domain/scopes/queue-order.ts';
import type { PolicyInForce, Ports } from './ports.ts';

/** In which order tasks wait at an instance, and why it is not the one of its behaviour, if that fails (rule O3). */
export interface OrderHere {
  readonly order: QueueOrder;
  readonly problem: string | null;
}

export type QueueOrderAt = (transaction: Transaction | null, instance: Instance) => Promise<OrderHere>;

export function createQueueOrderAt({ policyInForce }: Pick<Ports, 'policyInForce'>): QueueOrderAt {
  return async (transaction, instance) => queueOrderUnder(await policyInForce(transaction), instance);
}

/** As it is under a policy that is known already. */
export function queueOrderUnder({ policy, behaviors }: PolicyInForce, instance: Instance): OrderHere {
  const { ordering, problem } = orderingAt(behaviors, instance, policyAt(policy, instance));
  return { order: queueOrderOf(ordering), problem };
}
