import type { RoutingDecision } from '../routing-decision.ts';
import { considered } from './ranking.ts';
import type { RoutingView, TaskToRoute } from './scope-behavior.ts';

const STRATEGY = 'explicit';

/** What becomes of a task whose `metadata.project_id` names a project; null where none is named, or another may take it (rule R2). */
export function explicitDecision(
  task: TaskToRoute,
  view: RoutingView,
  mode: 'require' | 'prefer',
): RoutingDecision | null {
  const wanted = task.metadata['project_id'];
  if (wanted === undefined || wanted === null) return null;
  const { explicit } = view;
  const problem = problemOf(view);
  if (explicit !== null && problem === null) {
    const [targetId, reason] = [explicit.id, 'metadata.project_id names it'];
    const candidates = [{ instanceId: targetId, name: explicit.name, score: 1, chosen: true, why: reason }];
    return { action: 'delegate', targetId, reason, strategy: STRATEGY, candidates };
  }
  if (mode === 'prefer') return null;
  const reason = `metadata.project_id ${problem ?? 'names no instance'}`;
  const action = explicit?.hasPostponed === true && explicit.status === 'running' ? 'wait' : 'reject';
  return { action, reason, strategy: STRATEGY, candidates: considered(view, null) };
}

function problemOf({ explicit, instance }: RoutingView): string | null {
  if (explicit === null) return 'names no instance';
  if (explicit.scope !== 'project') return `names ${explicit.name}, which is no project`;
  if (explicit.parentId !== instance.id) return `names ${explicit.name}, which is no project of ${instance.name}`;
  if (explicit.hasRefused) return `names ${explicit.name}, which has refused this task`;
  if (explicit.status !== 'running') return `names ${explicit.name}, which is ${explicit.status}`;
  return explicit.hasPostponed ? `names ${explicit.name}, which wants to be asked again later` : null;
}
