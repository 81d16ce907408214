import type { Transaction } from 'sequelize';
import type { Change } from '../domain/change.ts';
import { instancesOnPath } from '../domain/path.ts';
import type { Effect } from '../domain/scopes/scope-behavior.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import type { Ports } from './ports.ts';

/** Calls onTaskCompleted once for each instance on the path, leaf first, and records what they want (rule B5). */
export async function bubbleOf(
  ports: Ports,
  transaction: Transaction,
  locked: LockedTask,
  change: Change,
): Promise<Change> {
  const path = instancesOnPath(locked.task.entryInstanceId, locked.delegations).toReversed();
  const rows = await ports.repositories.instances.getMany(transaction, path);
  const byId = new Map(rows.map((instance) => [instance.id, instance]));
  const { behaviors } = await ports.policyInForce(transaction);
  const effects = path.flatMap((id): readonly Effect[] => {
    const instance = byId.get(id);
    if (instance === undefined) return [];
    return behaviors.getBehaviorForInstance(instance).onTaskCompleted(locked.task, instance);
  });
  const bubble = effects.map((effect) => ({ instance_id: effect.instanceId, reports_to: effect.toInstanceId }));
  return { ...change, detail: { ...change.detail, bubble } };
}
