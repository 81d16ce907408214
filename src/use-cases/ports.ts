import type { Sequelize, Transaction } from 'sequelize';
import type { Policy } from '../domain/policy.schema.ts';
import type { RecordedDecision } from '../domain/routing-decision.ts';
import type { BehaviorFactory } from '../domain/scopes/behavior-factory.ts';
import type { RuleEngine } from '../domain/scopes/rules.ts';
import type { Repositories } from '../persistence/repositories/repositories.ts';

/** The policy in force, the hash under which decisions name it, and the behaviours that it names. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly hash: string;
  readonly behaviors: BehaviorFactory;
}

/** What use cases need from outside; built once at composition. */
export interface Ports {
  readonly database: Sequelize;
  readonly repositories: Repositories;
  readonly rules: RuleEngine;
  /** A hash that was just read with something else is not asked for again; null: none is published. */
  readonly policyInForce: (transaction: Transaction | null, hash?: string | null) => Promise<PolicyInForce>;
  /** Hears of each decision once it is committed; perhaps twice if a worker dies right then. */
  readonly onDecision: (decision: RecordedDecision) => void;
}
