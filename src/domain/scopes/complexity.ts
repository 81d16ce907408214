import type { ProjectPolicy } from '../policy.schema.ts';
import { normalizeLabel } from './ranking.ts';
import type { TaskToRoute } from './scope-behavior.ts';

const MINUTES_PER_HOUR = 60;

/** Whole hours up to a cap, plus one for each subtask, plus a weight if any tag marks the task as complex (rule P2). */
export function complexityOf(task: TaskToRoute, policy: ProjectPolicy): number {
  const hours = Math.floor((task.estimatedDuration ?? 0) / MINUTES_PER_HOUR);
  const subtasks = task.metadata['subtasks'];
  const marks = new Set(policy.complexity_tags.map(normalizeLabel));
  const isMarked = task.tags.some((tag) => marks.has(normalizeLabel(tag)));
  return (
    Math.min(hours, policy.complexity_max_hours) +
    (Array.isArray(subtasks) ? subtasks.length : 0) +
    (isMarked ? policy.complexity_tag_weight : 0)
  );
}
