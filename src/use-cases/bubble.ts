import type { Transaction } from 'sequelize';
import type { Change } from '../domain/change.ts';
import type { JsonObject } from '../domain/json.ts';
import { instancesOnPath } from '../domain/path.ts';
import { effectsAt } from '../domain/scopes/ask-behavior.ts';
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
  const { behaviors } = await ports.policyInForce(transaction, locked.policyHash);
  const bubble = path.flatMap((id): readonly JsonObject[] => {
    const instance = byId.get(id);
    if (instance === undefined) return [];
    const answer = effectsAt(behaviors, locked.task, instance);
    if ('problem' in answer) return [{ instance_id: id, problem: answer.problem }];
    return answer.effects.map((effect) => ({ instance_id: effect.instanceId, reports_to: effect.toInstanceId }));
  });
  return { ...change, detail: { ...change.detail, bubble } };
}
