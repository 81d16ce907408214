import type { Transaction } from 'sequelize';
import type { NamedTarget } from '../domain/commands/move-task.ts';
import { policyAt } from '../domain/policy.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import { isUuid } from '../domain/uuid.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import type { Ports } from './ports.ts';

/** The instance that a command is about, if it is about one: its lock is taken before the task's. */
export async function targetOf({ repositories }: Ports, command: TaskCommand): Promise<readonly string[]> {
  if (command.kind === 'reassign') return isUuid(command.targetInstanceId) ? [command.targetInstanceId] : [];
  if (command.kind === 'leave') return isUuid(command.instanceId) ? [command.instanceId] : [];
  if (command.kind !== 'accept' || !isUuid(command.delegationId)) return [];
  const delegation = await repositories.delegations.getById(null, command.delegationId);
  return delegation === null ? [] : [delegation.targetInstanceId];
}

/** The facts about an instance by which a command is judged; it was read with the task. */
export async function namedTarget(
  ports: Ports,
  transaction: Transaction,
  { around, policyHash }: LockedTask,
  { kind }: TaskCommand,
): Promise<NamedTarget | null> {
  const [instance] = around;
  if (instance === undefined) return null;
  const { id, name, status, scope, config } = instance;
  const { [scope]: policy } = policyAt((await ports.policyInForce(transaction, policyHash)).policy, instance);
  const isMovedTo = kind === 'reassign';
  return {
    ...{ id, name, status, scope },
    executor: config.executor ?? null,
    ancestorIds: isMovedTo ? await ports.repositories.instances.ancestorIds(transaction, id) : [],
    acceptance: policy.acceptance,
    acceptanceTimeoutSeconds: policy.acceptance_timeout_seconds,
  };
}
