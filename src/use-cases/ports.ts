import type { Sequelize } from 'sequelize';
import type { Policy } from '../domain/policy.schema.ts';
import type { RecordedDecision } from '../domain/routing-decision.ts';
import type { BehaviorFactory } from '../domain/scopes/behavior-factory.ts';
import type { Repositories } from '../persistence/repositories/repositories.ts';

/** The policy in force and the hash under which decisions name it. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly hash: string;
}

/** What use cases need from outside; built once at composition. */
export interface Ports {
  readonly database: Sequelize;
  readonly repositories: Repositories;
  readonly behaviors: BehaviorFactory;
  readonly policyInForce: () => PolicyInForce;
  /** Hears of each decision once it is committed; perhaps twice if a worker dies right then. */
  readonly onDecision: (decision: RecordedDecision) => void;
}
