import type { RoutingDecision } from '../routing-decision.ts';
import { byTags, considered, leastBusy } from './ranking.ts';
import { namedWords } from './rules.ts';
import type { RoutingView, TaskToRoute } from './scope-behavior.ts';

const STRATEGY = 'rule';

/** What a rule of the policy makes of a task; null where none holds, or a preferred target is not to be had (rule L2). */
export function ruledDecision(task: TaskToRoute, view: RoutingView): RoutingDecision | null {
  const { ruled } = view;
  if (ruled === null) return null;
  const choice = byTags(task.tags, ruled.candidates) ?? leastBusy(ruled.candidates);
  if (choice !== null) {
    const verb = ruled.isRequired ? 'requires' : 'prefers';
    const reason = `${ruled.name} ${verb} ${namedWords(ruled.named)}${amongWords(ruled.candidates.length, choice.reason)}`;
    const chosen = { ...choice, strategy: STRATEGY, reason };
    const candidates = considered({ ...view, candidates: ruled.candidates }, chosen);
    return { action: 'delegate', targetId: choice.target.id, reason, strategy: STRATEGY, candidates };
  }
  if (!ruled.isRequired) return null;
  const isLater = view.postponed > 0;
  const nobody = isLater
    ? 'which is to be asked again later, or cannot take it'
    : 'which nobody here is, or can take it';
  const reason = `${ruled.name} requires ${namedWords(ruled.named)}, ${nobody}`;
  return { action: isLater ? 'wait' : 'reject', reason, strategy: STRATEGY, candidates: considered(view, null) };
}

function amongWords(count: number, reason: string): string {
  return count === 1 ? '' : `; ${reason}`;
}
