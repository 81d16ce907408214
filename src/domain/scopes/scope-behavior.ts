import type { InstanceStatus, Scope } from '../instance.ts';
import type { JsonObject } from '../json.ts';
import type { RoutingDecision } from '../routing-decision.ts';

/** What of a task a behaviour may look at. */
export interface TaskToRoute {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly estimatedDuration: number | null;
  readonly metadata: JsonObject;
}

/** A RUNNING child that has not refused this task. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly busy: number;
  readonly lastOfferAt: number | null;
  /** How well its words fit the task's, and which did; 0 and none where keywords were not asked for. */
  readonly keywordScore: number;
  readonly matchedWords: readonly string[];
}

/** The facts about the instance that `metadata.project_id` names; null where no such instance exists. */
export interface ExplicitTarget {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly scope: Scope;
  readonly status: InstanceStatus;
  readonly hasRefused: boolean;
}

/** Everything that a behaviour may know besides the task and the policy; fetched first, bounded in size. */
export interface RoutingView {
  readonly instance: {
    readonly id: string;
    readonly name: string;
    readonly scope: Scope;
    readonly status: InstanceStatus;
    readonly parentId: string | null;
  };
  readonly candidates: readonly Candidate[];
  readonly excluded: number;
  readonly liveChildren: number;
  readonly existingChildren: number;
  readonly openHere: number;
  readonly explicit: ExplicitTarget | null;
}

/** A chosen candidate, the strategy that chose it, and the words for the record. */
export interface TargetChoice {
  readonly target: Candidate;
  readonly strategy: string;
  readonly reason: string;
  readonly scoreOf: (candidate: Candidate) => number;
}

/** Something that a behaviour wants to happen after a completion; data, never done by the behaviour. */
export interface Effect {
  readonly kind: 'report_completion';
  readonly instanceId: string;
  readonly toInstanceId: string;
}

/** How an instance orders the tasks that wait at it. */
export interface QueueOrdering {
  readonly by: readonly ('priority' | 'age')[];
}

/** The five questions that each level of the hierarchy answers; pure functions of task, view and policy (rule B1). */
export interface ScopeBehavior<ScopePolicy> {
  handleIncomingTask(task: TaskToRoute, view: RoutingView, policy: ScopePolicy): RoutingDecision;
  shouldDelegate(task: TaskToRoute, view: RoutingView, policy: ScopePolicy): boolean;
  findDelegationTarget(task: TaskToRoute, view: RoutingView, policy: ScopePolicy): TargetChoice | null;
  onTaskCompleted(task: TaskToRoute, instance: RoutingView['instance']): readonly Effect[];
  getTaskQueue(instance: RoutingView['instance'], policy: ScopePolicy): QueueOrdering;
}
