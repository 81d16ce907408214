import { dirname } from 'node:path';
import { type LoadedBehaviors, behaviorDigests, loadBehaviors } from './behaviors/load-behaviors.ts';
import type { PolicyChecks } from './config/policy-checks.ts';
import type { ConfigFile } from './config/settings.ts';
import { DomainError, type Problem } from './domain/errors.ts';
import type { Policy } from './domain/policy.schema.ts';
import type { BehaviorFactory } from './domain/scopes/behavior-factory.ts';
import type { RuleEngine } from './domain/scopes/rules.ts';
import { createRuleEngine } from './rules/rule-engine.ts';

/** What stands behind a policy on this machine: the engine of its rules, and the modules beside its file. */
export interface PolicyParts extends PolicyChecks {
  readonly rules: RuleEngine;
  /** The behaviours of a policy; a module that cannot be used fails whenever it is asked. */
  readonly behaviorsOf: (policy: Policy) => Promise<BehaviorFactory>;
  /** The same, but a module that cannot be used is refused. */
  readonly usableBehaviorsOf: (policy: Policy) => Promise<BehaviorFactory>;
  /** What is wrong with the modules of a policy. */
  readonly problemsOf: (policy: Policy) => Promise<readonly Problem[]>;
}

/** The parts for the policies of one file. */
export function policyParts({ path }: ConfigFile): PolicyParts {
  const rules = createRuleEngine();
  const load = ({ behaviors }: Policy): Promise<LoadedBehaviors> => loadBehaviors(behaviors, dirname(path));
  const inWords = ({ problems }: LoadedBehaviors): readonly Problem[] =>
    problems.map(({ scope, path: module, message }) => ({
      path,
      message: `behaviors.${scope}: ${module} cannot be used: ${message}`,
    }));
  return {
    rules,
    problemOf: (expression) => rules.problemOf(expression),
    digestsOf: ({ behaviors }) => behaviorDigests(behaviors, dirname(path)),
    behaviorsOf: async (policy) => (await load(policy)).factory,
    usableBehaviorsOf: async (policy) => {
      const loaded = await load(policy);
      const problems = inWords(loaded);
      if (problems.length > 0) throw new DomainError('invalid_policy', `${path} is not usable`, { problems });
      return loaded.factory;
    },
    problemsOf: async (policy) => inWords(await load(policy)),
  };
}
