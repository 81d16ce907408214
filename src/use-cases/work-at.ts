import type { Transaction } from 'sequelize';
import { policyAt } from '../domain/policy.ts';
import { type WorkPolicy, workPolicyOf } from '../domain/work-policy.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import type { Ports } from './ports.ts';

/** The rules of work as they hold at an instance: the policy in force, with its own overrides. */
export async function workAtId(ports: Ports, transaction: Transaction | null, id: string): Promise<WorkPolicy> {
  const instance = await ports.repositories.instances.get(transaction, id);
  if (instance === null) throw new TypeError(`a task is at instance ${id}, which is not there`);
  const { policy } = await ports.policyInForce(transaction);
  return workPolicyOf(policyAt(policy, instance), instance.scope);
}

/** The same at the holder of a task, from what was read with it. */
export async function workAtHolder(
  ports: Ports,
  transaction: Transaction,
  { holder, policyHash }: LockedTask,
): Promise<WorkPolicy> {
  const { policy } = await ports.policyInForce(transaction, policyHash);
  return workPolicyOf(policyAt(policy, holder), holder.scope);
}
