import type { Models } from '../models/models.ts';
import { DecisionRepository } from './decision.repository.ts';
import { DelegationRepository } from './delegation.repository.ts';
import { InstanceRepository } from './instance.repository.ts';
import { LeaseRepository } from './lease.repository.ts';
import { PartRepository } from './part.repository.ts';
import { PolicyRepository } from './policy.repository.ts';
import { TaskRepository } from './task.repository.ts';

/** Everything that remembers, on one connection pool. */
export interface Repositories {
  readonly tasks: TaskRepository;
  readonly delegations: DelegationRepository;
  readonly instances: InstanceRepository;
  readonly decisions: DecisionRepository;
  readonly leases: LeaseRepository;
  readonly parts: PartRepository;
  readonly policies: PolicyRepository;
}

export function createRepositories(models: Models): Repositories {
  const delegations = new DelegationRepository(models);
  const parts = new PartRepository(models);
  return {
    delegations,
    parts,
    tasks: new TaskRepository(models, delegations, parts),
    instances: new InstanceRepository(models),
    decisions: new DecisionRepository(models),
    leases: new LeaseRepository(models),
    policies: new PolicyRepository(models),
  };
}
