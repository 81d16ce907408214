import type { Policy } from '../policy.schema.ts';
import type { Considered, RoutingDecision } from '../routing-decision.ts';
import type { BehaviorFactory } from './behavior-factory.ts';
import { problemOfDecision } from './check-decision.ts';
import { cleanDecision } from './clean-decision.ts';
import type { RoutingView, TaskToRoute } from './scope-behavior.ts';
import { problemWords, shortText } from './short-text.ts';

const LONGEST_REASON = 1_000;

/** What was decided; `hold` where the behaviour failed: the task waits for a person or another policy (rule F2). */
export type Decided = RoutingDecision | Held;

interface Held {
  readonly action: 'hold';
  readonly reason: string;
  readonly strategy: string;
  readonly candidates: readonly Considered[];
}

/** Asks the behaviour at an instance, with the part of the policy that is its own, and checks its answer. */
export function decideAt(factory: BehaviorFactory, task: TaskToRoute, view: RoutingView, policy: Policy): Decided {
  const { name, status, scope } = view.instance;
  if (status !== 'running' && status !== 'paused') {
    return { action: 'escalate', reason: `${name} is ${status}`, strategy: 'lifecycle', candidates: [] };
  }
  try {
    const decision: unknown = ask(factory, task, view, policy);
    const problem = problemOfDecision(decision, view, task.partDepth);
    if (problem !== null) return broken(`the ${scope} behaviour answers nonsense: ${problem}`);
    return cleanDecision(withRuleProblems(decision as RoutingDecision, view));
  } catch (error) {
    return broken(`the ${scope} behaviour fails: ${problemWords(error)}`);
  }
}

function ask(factory: BehaviorFactory, task: TaskToRoute, view: RoutingView, policy: Policy): RoutingDecision {
  const { scope } = view.instance;
  if (scope === 'global') return factory.getBehaviorForScope(scope).handleIncomingTask(task, view, policy.global);
  if (scope === 'project') return factory.getBehaviorForScope(scope).handleIncomingTask(task, view, policy.project);
  return factory.getBehaviorForScope(scope).handleIncomingTask(task, view, policy.orchestration);
}

function withRuleProblems(decision: RoutingDecision, { ruleProblems }: RoutingView): RoutingDecision {
  return ruleProblems.length === 0 ? decision : { ...decision, reason: [decision.reason, ...ruleProblems].join('; ') };
}

function broken(reason: string): Decided {
  return { action: 'hold', reason: shortText(reason, LONGEST_REASON), strategy: 'behavior_failed', candidates: [] };
}
