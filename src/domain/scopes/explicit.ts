import type { RoutingDecision } from '../routing-decision.ts';
import { considered } from './ranking.ts';
import type { ExplicitTarget, RoutingView, TaskToRoute } from './scope-behavior.ts';

const STRATEGY = 'explicit';

/** What becomes of a task whose `metadata.project_id` names a project; null where none is named, or another may take it (rule R2). */
export function explicitDecision(
  task: TaskToRoute,
  view: RoutingView,
  mode: 'require' | 'prefer',
): RoutingDecision | null {
  const wanted = task.metadata['project_id'];
  if (wanted === undefined || wanted === null) return null;
  const found = judged(view);
  if ('target' in found) {
    const { id: targetId, name } = found.target;
    const reason = 'metadata.project_id names it';
    const candidates = [{ instanceId: targetId, name, score: 1, chosen: true, why: reason }];
    return { action: 'delegate', targetId, reason, strategy: STRATEGY, candidates };
  }
  if (mode === 'prefer') return null;
  const reason = `metadata.project_id names ${found.problem}`;
  return { action: found.isLater ? 'wait' : 'reject', reason, strategy: STRATEGY, candidates: considered(view, null) };
}

type Found = { readonly target: ExplicitTarget } | { readonly problem: string; readonly isLater: boolean };

function judged({ explicit, instance }: RoutingView): Found {
  if (explicit === null) return refused('no instance');
  const { name, scope, parentId, status } = explicit;
  if (scope !== 'project') return refused(`${name}, which is no project`);
  if (parentId !== instance.id) return refused(`${name}, which is no project of ${instance.name}`);
  if (explicit.hasRefused) return refused(`${name}, which has refused this task`);
  if (status !== 'running') return refused(`${name}, which is ${status}`);
  if (!explicit.hasPostponed) return { target: explicit };
  return { problem: `${name}, which wants to be asked again later`, isLater: true };
}

function refused(problem: string): Found {
  return { problem, isLater: false };
}
