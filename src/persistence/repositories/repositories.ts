import type { Models } from '../models/models.ts';
import { createDecisionRepository, type DecisionRepository } from './decision.repository.ts';
import { createDelegationRepository, type DelegationRepository } from './delegation.repository.ts';
import { createInstanceRepository, type InstanceRepository } from './instance.repository.ts';
import { createTaskRepository, type TaskRepository } from './task.repository.ts';

/** Everything that remembers, on one connection pool. */
export interface Repositories {
  readonly tasks: TaskRepository;
  readonly delegations: DelegationRepository;
  readonly instances: InstanceRepository;
  readonly decisions: DecisionRepository;
}

export function createRepositories(models: Models): Repositories {
  const delegations = createDelegationRepository(models);
  return {
    delegations,
    tasks: createTaskRepository(models, delegations),
    instances: createInstanceRepository(models),
    decisions: createDecisionRepository(models),
  };
}
