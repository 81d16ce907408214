import type { Instance } from '../instance.ts';
import type { Policy } from '../policy.schema.ts';
import type { BehaviorFactory } from './behavior-factory.ts';
import { isPromised } from './promised.ts';
import { byPriorityThenAge } from './reporting.ts';
import type { Effect, QueueOrdering, TaskToRoute } from './scope-behavior.ts';
import { problemWords } from './short-text.ts';

type Asked = Pick<Instance, 'id' | 'name' | 'scope' | 'status' | 'parentId'>;

/** What follows from a completion, or why the behaviour could not say. */
export type EffectsAnswer = { readonly effects: readonly Effect[] } | { readonly problem: string };

const MOST_EFFECTS = 10;
const LONGEST_ID = 100;

/** Asks what follows from a completion; a behaviour that fails stops no completion (rules B5 and F2). */
export function effectsAt(factory: BehaviorFactory, task: TaskToRoute, instance: Asked): EffectsAnswer {
  try {
    const effects: unknown = factory.getBehaviorForInstance(instance).onTaskCompleted(task, instance);
    if (isPromised(effects) || !Array.isArray(effects) || effects.length > MOST_EFFECTS || !effects.every(isEffect)) {
      return { problem: `the ${instance.scope} behaviour answers nonsense: its effects are no list of effects` };
    }
    return { effects: effects.map(({ kind, instanceId, toInstanceId }) => ({ kind, instanceId, toInstanceId })) };
  } catch (error) {
    return { problem: `the ${instance.scope} behaviour fails: ${problemWords(error)}` };
  }
}

/** The order in which tasks wait, and why it is not the behaviour's own if that could not be had. */
export interface OrderingAnswer {
  readonly ordering: QueueOrdering;
  readonly problem: string | null;
}

/** Asks for the order in which tasks wait; a behaviour that fails leaves the standard order (rules O3 and F2). */
export function orderingAt(factory: BehaviorFactory, instance: Asked, policy: Policy): OrderingAnswer {
  const standard = (problem: string): OrderingAnswer => ({ ordering: byPriorityThenAge(), problem });
  try {
    const ordering: unknown = askOrdering(factory, instance, policy);
    if (isOrdering(ordering)) return { ordering: { by: [...ordering.by] }, problem: null };
    return standard(`the ${instance.scope} behaviour answers nonsense: its order is no list of priority and age`);
  } catch (error) {
    return standard(`the ${instance.scope} behaviour fails: ${problemWords(error)}`);
  }
}

function askOrdering(factory: BehaviorFactory, instance: Asked, policy: Policy): QueueOrdering {
  const { scope } = instance;
  if (scope === 'global') return factory.getBehaviorForScope(scope).getTaskQueue(instance, policy.global);
  if (scope === 'project') return factory.getBehaviorForScope(scope).getTaskQueue(instance, policy.project);
  return factory.getBehaviorForScope(scope).getTaskQueue(instance, policy.orchestration);
}

function isEffect(value: unknown): value is Effect {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, instanceId, toInstanceId } = value as Record<string, unknown>;
  const ids = [instanceId, toInstanceId];
  return kind === 'report_completion' && ids.every((id) => typeof id === 'string' && id.length <= LONGEST_ID);
}

function isOrdering(value: unknown): value is QueueOrdering {
  if (typeof value !== 'object' || value === null || isPromised(value)) return false;
  const { by } = value as Record<string, unknown>;
  return (
    Array.isArray(by) && by.length > 0 && by.length <= 2 && by.every((each) => each === 'priority' || each === 'age')
  );
}
