import type { OrchestrationPolicy } from '../policy.schema.ts';
import { byPriorityThenAge, reportToParent } from './reporting.ts';
import type { ScopeBehavior } from './scope-behavior.ts';

/** An Orchestration queues work for its workers and never delegates (rule O1). */
export const orchestrationScope: ScopeBehavior<OrchestrationPolicy> = {
  handleIncomingTask: () => ({ action: 'queue', reason: 'in the execution queue', strategy: 'queue', candidates: [] }),
  shouldDelegate: () => false,
  findDelegationTarget: () => null,
  onTaskCompleted: reportToParent,
  getTaskQueue: byPriorityThenAge,
};
