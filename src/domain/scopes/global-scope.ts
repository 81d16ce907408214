import type { GlobalPolicy } from '../policy.schema.ts';
import type { RoutingDecision } from '../routing-decision.ts';
import { wantedInstance } from './creation.ts';
import { byKeywords, byTags, considered, leastBusy, roundRobin } from './ranking.ts';
import { byPriorityThenAge, reportToParent } from './reporting.ts';
import type { RoutingView, ScopeBehavior, TargetChoice, TaskToRoute } from './scope-behavior.ts';

type Matcher = (task: TaskToRoute, view: RoutingView) => TargetChoice | null;

const tagMatcher: Matcher = (task, view) => byTags(task.tags, view.candidates);
const keywordMatcher: Matcher = (_task, view) => byKeywords(view.candidates);

/** What each strategy looks at before it falls back on turns or load (rule K2). */
const MATCHERS = {
  tag_first: [tagMatcher, keywordMatcher],
  keyword: [keywordMatcher, tagMatcher],
  round_robin: [],
} as const satisfies Record<GlobalPolicy['routing_strategy'], readonly Matcher[]>;

/** A Global is a router: it always delegates and never executes (rule G1). */
export const globalScope: ScopeBehavior<GlobalPolicy> = {
  handleIncomingTask(task, view, policy) {
    const explicit = explicitDecision(task, view, policy);
    if (explicit !== null) return explicit;
    const choice = globalScope.findDelegationTarget(task, view, policy);
    const candidates = considered(view.candidates, choice);
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
    return { action: 'reject', reason: whyNobody(view, policy), strategy: 'none', candidates };
  },

  shouldDelegate: () => true,

  findDelegationTarget(task, view, policy): TargetChoice | null {
    const matched = MATCHERS[policy.routing_strategy]
      .map((match) => match(task, view))
      .find((choice) => choice !== null);
    if (matched !== undefined) return matched;
    const isTurnBased = policy.routing_strategy === 'round_robin' || policy.fallback_strategy === 'round_robin';
    return isTurnBased ? roundRobin(view.candidates) : leastBusy(view.candidates);
  },

  onTaskCompleted: reportToParent,
  getTaskQueue: byPriorityThenAge,
};

function explicitDecision(task: TaskToRoute, view: RoutingView, policy: GlobalPolicy): RoutingDecision | null {
  const wanted = task.metadata['project_id'];
  if (wanted === undefined || wanted === null) return null;
  const problem = problemOfExplicit(view);
  const strategy = 'explicit';
  if (problem !== null) {
    if (policy.explicit_target === 'prefer') return null;
    return {
      action: 'reject',
      reason: `metadata.project_id ${problem}`,
      strategy,
      candidates: considered(view.candidates, null),
    };
  }
  const targetId = view.explicit?.id ?? '';
  const reason = 'metadata.project_id names it';
  const name = view.explicit?.name ?? '';
  return {
    action: 'delegate',
    targetId,
    reason,
    strategy,
    candidates: [{ instanceId: targetId, name, score: 1, chosen: true, why: reason }],
  };
}

function problemOfExplicit({ explicit, instance }: RoutingView): string | null {
  if (explicit === null) return 'names no instance';
  if (explicit.scope !== 'project') return `names ${explicit.name}, which is no project`;
  if (explicit.parentId !== instance.id) return `names ${explicit.name}, which is no project of ${instance.name}`;
  if (explicit.hasRefused) return `names ${explicit.name}, which has refused this task`;
  return explicit.status === 'running' ? null : `names ${explicit.name}, which is ${explicit.status}`;
}

function whyNobody(view: RoutingView, policy: GlobalPolicy): string {
  if (view.excluded > 0) return `no project is left: ${String(view.excluded)} refused or did not answer`;
  if (view.liveChildren > 0) return `no project is running: ${String(view.liveChildren)} paused, starting or stopping`;
  if (!policy.auto_create_projects) return 'no project exists, and auto_create_projects is off';
  return `no project is running, and max_projects (${String(policy.max_projects)}) is reached`;
}
