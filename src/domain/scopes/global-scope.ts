import type { GlobalPolicy } from '../policy.schema.ts';
import { wantedInstance } from './creation.ts';
import { explicitDecision } from './explicit.ts';
import { byKeywords, byTags, considered, leastBusy, roundRobin } from './ranking.ts';
import { byPriorityThenAge, reportToParent } from './reporting.ts';
import { ruledDecision } from './ruled.ts';
import type { RoutingView, ScopeBehavior, TargetChoice, TaskToRoute } from './scope-behavior.ts';

type Matcher = 'tags' | 'keywords';

const CHOICES = {
  tags: (task, view) => byTags(task.tags, view.candidates),
  keywords: (_task, view) => byKeywords(view.candidates),
} as const satisfies Record<Matcher, (task: TaskToRoute, view: RoutingView) => TargetChoice | null>;

const MATCHERS = {
  tag_first: ['tags', 'keywords'],
  keyword: ['keywords', 'tags'],
  round_robin: [],
} as const satisfies Record<GlobalPolicy['routing_strategy'], readonly Matcher[]>;

/** What a Global looks at, in this order, before it falls back on turns or load (rule K2). */
export function matchersOf({ routing_strategy }: Pick<GlobalPolicy, 'routing_strategy'>): readonly Matcher[] {
  return MATCHERS[routing_strategy];
}

/** A Global is a router: it always delegates and never executes (rule G1). */
export const globalScope: ScopeBehavior<GlobalPolicy> = {
  handleIncomingTask(task, view, policy) {
    const settled = explicitDecision(task, view, policy.explicit_target) ?? ruledDecision(task, view);
    if (settled !== null) return settled;
    const choice = this.findDelegationTarget(task, view, policy);
    const candidates = considered(view, choice);
    if (choice !== null) {
      return {
        action: 'delegate',
        targetId: choice.target.id,
        reason: choice.reason,
        strategy: choice.strategy,
        candidates,
      };
    }
    if (policy.auto_create_projects && view.liveChildren === 0 && view.existingChildren < policy.max_projects) {
      const create = wantedInstance('project', task);
      return {
        action: 'delegate',
        create,
        reason: `no project exists: creating ${create.name}`,
        strategy: 'create',
        candidates,
      };
    }
    const action = view.postponed > 0 ? 'wait' : 'reject';
    return { action, reason: whyNobody(view, policy), strategy: 'none', candidates };
  },

  shouldDelegate: () => true,

  findDelegationTarget(task, view, policy): TargetChoice | null {
    const matched = matchersOf(policy)
      .map((matcher) => CHOICES[matcher](task, view))
      .find((choice) => choice !== null);
    if (matched !== undefined) return matched;
    const isTurnBased = policy.routing_strategy === 'round_robin' || policy.fallback_strategy === 'round_robin';
    return isTurnBased ? roundRobin(view.candidates) : leastBusy(view.candidates);
  },

  onTaskCompleted: reportToParent,
  getTaskQueue: byPriorityThenAge,
};

function whyNobody(view: RoutingView, policy: GlobalPolicy): string {
  if (view.postponed > 0) return `no other project is left: ${String(view.postponed)} to be asked again later`;
  if (view.excluded > 0) return `no project is left: ${String(view.excluded)} refused or did not answer`;
  if (view.liveChildren > 0) return `no project is running: ${String(view.liveChildren)} paused, starting or stopping`;
  if (!policy.auto_create_projects) return 'no project exists, and auto_create_projects is off';
  return `no project is running, and max_projects (${String(policy.max_projects)}) is reached`;
}
