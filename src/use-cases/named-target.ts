import type { Transaction } from 'sequelize';
import type { NamedTarget } from '../domain/commands/move-task.ts';
import { policyAt } from '../domain/policy.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Ports } from './ports.ts';

/** The instance that a command is about, if it is about one: its lock is taken before the task's. */
export async function targetOf({ repositories }: Ports, command: TaskCommand): Promise<string | null> {
  if (command.kind === 'reassign') return isUuid(command.targetInstanceId) ? command.targetInstanceId : null;
  if (command.kind === 'leave') return isUuid(command.instanceId) ? command.instanceId : null;
  if (command.kind !== 'accept' || !isUuid(command.delegationId)) return null;
  const delegation = await repositories.delegations.getById(null, command.delegationId);
  return delegation?.targetInstanceId ?? null;
}

/** The facts about an instance by which a command is judged. */
export async function namedTarget(ports: Ports, transaction: Transaction, id: string): Promise<NamedTarget | null> {
  const instance = await ports.repositories.instances.get(transaction, id);
  if (instance === null) return null;
  const { [instance.scope]: policy } = policyAt((await ports.policyInForce(transaction)).policy, instance);
  return {
    id,
    name: instance.name,
    status: instance.status,
    scope: instance.scope,
    executor: instance.config.executor ?? null,
    ancestorIds: await ports.repositories.instances.ancestorIds(transaction, id),
    acceptance: policy.acceptance,
    acceptanceTimeoutSeconds: policy.acceptance_timeout_seconds,
  };
}
