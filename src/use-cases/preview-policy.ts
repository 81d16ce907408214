import { DomainError } from '../domain/errors.ts';
import type { Policy } from '../domain/policy.schema.ts';
import type { RuleEngine } from '../domain/scopes/rules.ts';
import { contentHash } from './content-hash.ts';
import type { PolicyInForce } from './ports.ts';

/** The policy that a preview decides by: the one in force, or the given one with the behaviours that are in force. */
export function triedPolicy(rules: RuleEngine, inForce: PolicyInForce, given: Policy | undefined): PolicyInForce {
  if (given === undefined) return inForce;
  const problems = (['global', 'project'] as const).flatMap((scope) =>
    given[scope].rules.flatMap(({ when }, index) => {
      const message = rules.problemOf(when);
      return message === null ? [] : [{ path: `policy.${scope}.rules.${String(index)}.when`, message }];
    }),
  );
  if (problems.length > 0) throw new DomainError('invalid_input', 'the policy is not usable', { problems });
  return { ...inForce, policy: given, hash: contentHash(given) };
}
