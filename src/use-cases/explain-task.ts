import type { ChainLink } from '../domain/chain.ts';
import { DomainError } from '../domain/errors.ts';
import type { Patience } from '../domain/exclusions.ts';
import { explainTask } from '../domain/explain/explain-task.ts';
import type { Explanation } from '../domain/explain/explanation.ts';
import type { Instance } from '../domain/instance.ts';
import { policyAt } from '../domain/policy.ts';
import type { Policy } from '../domain/policy.schema.ts';
import type { Task } from '../domain/task.ts';
import { type RecordedFacts, recordedFacts } from '../persistence/queries/explain.query.ts';
import { readSnapshot } from '../persistence/read-snapshot.ts';
import type { Ports } from './ports.ts';
import { queueOrderUnder } from './queue-order-at.ts';

export type ExplainTask = (taskId: string) => Promise<Explanation>;

/** Explains a task from what is on record at one moment, in a constant number of statements (rule X1). */
export function createExplainTask({ database, repositories, policyInForce }: Ports): ExplainTask {
  return async (taskId) => {
    const inForce = await policyInForce(null);
    return readSnapshot(database, async (transaction) => {
      const found = await repositories.tasks.getWithHolder(transaction, taskId);
      if (found === null) throw new DomainError('task_not_found', `no task ${taskId}`);
      const { task, holder } = found;
      const now = await repositories.tasks.now(transaction);
      const chain = await repositories.delegations.getDelegationChain(transaction, taskId);
      const { order } = queueOrderUnder(inForce, holder);
      const recorded = await recordedFacts(database, transaction, taskId, order);
      const rows = await repositories.instances.getMany(transaction, namedIn(task, chain, recorded));
      const instances = new Map(rows.map((instance) => [instance.id, instance]));
      const patience = patienceAt(inForce.policy, instances.get(task.instanceId));
      const pushQueue = holder.config.executor?.task_queue ?? null;
      return explainTask({ task, chain, ...recorded, instances, now, patience, pushQueue });
    });
  };
}

function namedIn(task: Task, chain: readonly ChainLink[], { decisions }: RecordedFacts): readonly string[] {
  const named = [
    ...[task.instanceId, task.entryInstanceId],
    ...chain.flatMap((hop) => [hop.sourceInstanceId, hop.targetInstanceId]),
    ...decisions.flatMap((each) => [each.instanceId, each.targetInstanceId]),
    ...task.exclusions.map((each) => each.instanceId),
  ];
  return [...new Set(named.filter((id) => id !== null))];
}

/** How long a refusal counts is decided where the task is. */
function patienceAt(policy: Policy, deciding: Instance | undefined): Patience {
  const here = deciding === undefined ? policy : policyAt(policy, deciding);
  return deciding?.scope === 'global' ? here.global : here.project;
}
