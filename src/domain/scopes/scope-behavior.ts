import type { InstanceStatus, Scope } from '../instance.ts';
import type { JsonObject } from '../json.ts';
import type { RoutingDecision } from '../routing-decision.ts';
import type { Priority } from '../task.ts';
import type { AppliedRule } from './rules.ts';

/** What of a task a behaviour may look at. */
export interface TaskToRoute {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly priority: Priority;
  readonly requester: string | null;
  readonly estimatedDuration: number | null;
  readonly metadata: JsonObject;
  /** How many tasks it is a part of: 0 for a whole one. */
  readonly partDepth: number;
}

/** A RUNNING child that has neither refused nor postponed this task. */
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
  readonly hasPostponed: boolean;
}

/** A child that is not asked, and why. */
export interface PassedOver {
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

/** The rule that holds for the task, with those of the candidates that it names. */
export interface RuledView extends AppliedRule {
  readonly candidates: readonly Candidate[];
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
  /** The best of those that may be asked, per criterion. */
  readonly candidates: readonly Candidate[];
  /** How many may be asked at all. */
  readonly running: number;
  /** Running children that refused, or gave the task back. */
  readonly excluded: number;
  /** Running children that are to be asked again later. */
  readonly postponed: number;
  readonly liveChildren: number;
  readonly existingChildren: number;
  readonly openHere: number;
  readonly explicit: ExplicitTarget | null;
  readonly ruled: RuledView | null;
  /** Rules that could not be evaluated for this task, in words. */
  readonly ruleProblems: readonly string[];
  readonly passedOver: readonly PassedOver[];
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
