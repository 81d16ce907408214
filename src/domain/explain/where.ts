import type { InstanceRef } from '../chain.ts';
import type { Explanation } from './explanation.ts';
import { type ExplainFacts, instanceIn } from './facts.ts';

/** Where the task is, or ended: the instance, the way down to it, and since when it is there. */
export function whereIs(facts: ExplainFacts): Explanation['where'] {
  const { task, moves } = facts;
  const stay = moves.slice(moves.findLastIndex((move) => move.instanceId !== task.instanceId) + 1);
  return {
    instance: instanceIn(facts, task.instanceId),
    path: pathTo(facts).map((id) => refTo(facts, id)),
    since: stay[0]?.at ?? task.createdAt,
  };
}

/** Id, name and scope of an instance. */
export function refTo(facts: ExplainFacts, instanceId: string): InstanceRef {
  const { id, name, scope } = instanceIn(facts, instanceId);
  return { id, name, scope };
}

/**
 * Walks back from where the task is to where it came in, along the hop that last brought it to each instance. The
 * statuses of the hops do not tell: at the end of a task they are closed, whether they were left before or not.
 */
function pathTo({ task, chain }: ExplainFacts): readonly string[] {
  const path = [task.instanceId];
  let before = chain.length;
  while (path[0] !== task.entryInstanceId) {
    const [here] = path;
    const came = chain
      .slice(0, before)
      .findLast((hop) => hop.targetInstanceId === here && hop.acceptedAt !== null && hop.delegationType !== 'escalate');
    if (came === undefined) return [task.entryInstanceId, ...path];
    path.unshift(came.sourceInstanceId);
    before = came.hop;
  }
  return path;
}
