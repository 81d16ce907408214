import type { Effect, QueueOrdering, RoutingView, TaskToRoute } from './scope-behavior.ts';

/** Reports a completion to the parent, which is how it bubbles from leaf to root (rule B5). */
export function reportToParent(_task: TaskToRoute, instance: RoutingView['instance']): readonly Effect[] {
  if (instance.parentId === null) return [];
  return [{ kind: 'report_completion', instanceId: instance.id, toInstanceId: instance.parentId }];
}

/** Urgent before high before medium before low, and older before newer. */
export function byPriorityThenAge(): QueueOrdering {
  return { by: ['priority', 'age'] };
}
