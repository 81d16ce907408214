import type { LoadedPolicy } from '../domain/policy.ts';
import type { Policy } from '../domain/policy.schema.ts';
import type { BehaviorFactory } from '../domain/scopes/behavior-factory.ts';
import type { Publication, PublishOptions } from '../persistence/repositories/policy.repository.ts';
import type { Ports } from './ports.ts';

export interface PublishNeeds {
  readonly database: Ports['database'];
  readonly repositories: Pick<Ports['repositories'], 'policies'>;
  readonly behaviorsOf: (policy: Policy) => Promise<BehaviorFactory>;
}

export type PublishPolicy = (loaded: LoadedPolicy, options: PublishOptions) => Promise<Publication>;
export type RefusePolicy = (problem: string, by: string) => Promise<void>;

/** Puts a policy into force for the whole deployment, unless its behaviours cannot be had (rule Y4). */
export function createPublishPolicy({ database, repositories, behaviorsOf }: PublishNeeds): PublishPolicy {
  return async (loaded, options) => {
    await behaviorsOf(loaded.policy);
    return database.transaction((transaction) => repositories.policies.publish(transaction, loaded, options));
  };
}

/** Puts a refusal on record, for everybody who asks what is in force. */
export function createRefusePolicy({ database, repositories }: Omit<PublishNeeds, 'behaviorsOf'>): RefusePolicy {
  return (problem, by) => database.transaction((transaction) => repositories.policies.refuse(transaction, problem, by));
}
