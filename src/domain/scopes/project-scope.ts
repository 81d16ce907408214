import type { ProjectPolicy } from '../policy.schema.ts';
import { complexityOf } from './complexity.ts';
import { wantedInstance } from './creation.ts';
import { byTags, considered, leastBusy } from './ranking.ts';
import { byPriorityThenAge, reportToParent } from './reporting.ts';
import { ruledDecision } from './ruled.ts';
import { splitDecision } from './split.ts';
import type { RoutingView, ScopeBehavior, TaskToRoute } from './scope-behavior.ts';

/** A Project does simple work itself and hands complex work, or too much work, to an orchestration (rule P1). */
export const projectScope: ScopeBehavior<ProjectPolicy> = {
  handleIncomingTask(task, view, policy) {
    const ruled = ruledDecision(task, view);
    if (ruled !== null) return ruled;
    const split = splitDecision(task, policy);
    if (split !== null) return split;
    const found = whyDelegate(task, view, policy);
    if (!this.shouldDelegate(task, view, policy)) {
      const reason =
        found === null ? `simple: complexity ${complexityWords(task, policy)}` : `kept here, though ${found}`;
      return { action: 'execute', reason, strategy: 'complexity', candidates: considered(view, null) };
    }
    const why = found ?? `simple, and yet to be delegated: complexity ${complexityWords(task, policy)}`;
    const choice = this.findDelegationTarget(task, view, policy);
    const candidates = considered(view, choice);
    if (choice !== null) {
      const { target, strategy } = choice;
      return { action: 'delegate', targetId: target.id, reason: `${why}; ${choice.reason}`, strategy, candidates };
    }
    const limit = policy.max_orchestrations_per_project;
    if (policy.auto_create_orchestrations && view.liveChildren === 0 && view.existingChildren < limit) {
      const create = wantedInstance('orchestration', task);
      return { action: 'delegate', create, reason: `${why}; creating ${create.name}`, strategy: 'create', candidates };
    }
    if (view.postponed > 0) {
      const reason = `${why}; ${String(view.postponed)} to be asked again later`;
      return { action: 'wait', reason, strategy: 'none', candidates };
    }
    return {
      action: 'execute',
      reason: `${why}, but ${whyNobody(view, policy)}: done here`,
      strategy: 'none',
      candidates,
    };
  },

  shouldDelegate: (task, view, policy) => whyDelegate(task, view, policy) !== null,

  findDelegationTarget: (task, view) => byTags(task.tags, view.candidates) ?? leastBusy(view.candidates),

  onTaskCompleted: reportToParent,
  getTaskQueue: byPriorityThenAge,
};

function whyDelegate(task: TaskToRoute, view: RoutingView, policy: ProjectPolicy): string | null {
  if (complexityOf(task, policy) > policy.complexity_threshold) return `complexity ${complexityWords(task, policy)}`;
  const limit = policy.orchestration_threshold;
  return view.openHere >= limit
    ? `${String(view.openHere)} direct tasks are open here (threshold ${String(limit)})`
    : null;
}

function complexityWords(task: TaskToRoute, policy: ProjectPolicy): string {
  return `${String(complexityOf(task, policy))} (threshold ${String(policy.complexity_threshold)})`;
}

function whyNobody(view: RoutingView, policy: ProjectPolicy): string {
  if (view.excluded > 0) return `no orchestration is left, ${String(view.excluded)} refused or gave it back`;
  if (view.liveChildren > 0) return 'no orchestration is running';
  if (!policy.auto_create_orchestrations) return 'there is no orchestration and auto_create_orchestrations is off';
  return `max_orchestrations_per_project (${String(policy.max_orchestrations_per_project)}) is reached`;
}
