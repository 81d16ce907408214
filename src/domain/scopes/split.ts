import { isDeepest } from '../parts/part.ts';
import { partsOfSubtasks } from '../parts/subtasks.ts';
import type { ProjectPolicy } from '../policy.schema.ts';
import type { RoutingDecision } from '../routing-decision.ts';
import type { TaskToRoute } from './scope-behavior.ts';

const MOST_PROBLEMS = 5;

/**
 * A Project that splits tasks makes a part of each of `metadata.subtasks` (rule J5). A task whose subtasks cannot be
 * parts is refused with what is wrong with them; a part at the deepest level is not split any further.
 */
export function splitDecision(task: TaskToRoute, policy: ProjectPolicy): RoutingDecision | null {
  if (!policy.decompose_subtasks || isDeepest(task)) return null;
  const read = partsOfSubtasks(task.metadata['subtasks']);
  if (read === null) return null;
  const base = { strategy: 'subtasks', candidates: [] } as const;
  if ('problems' in read) {
    const problems = read.problems
      .slice(0, MOST_PROBLEMS)
      .map(({ path, message }) => `${path} ${message}`)
      .join('; ');
    return { ...base, action: 'reject', reason: `its subtasks cannot be parts: ${problems}` };
  }
  const reason = `split into its ${String(read.parts.length)} subtasks, join ${policy.decompose_join}`;
  return { ...base, action: 'decompose', parts: read.parts, join: policy.decompose_join, reason };
}
