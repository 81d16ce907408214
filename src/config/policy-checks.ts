import type { Policy } from '../domain/policy.schema.ts';
import { problemsOfRules } from '../domain/scopes/rules.ts';
import type { Complaint } from './yaml-file.ts';

/** What a policy is checked and hashed with besides its schema. */
export interface PolicyChecks {
  /** Why the expression of a rule cannot be used; null where it can. */
  readonly problemOf: (expression: string) => string | null;
  /** The digests of the modules that the policy names, by scope. */
  readonly digestsOf: (policy: Policy) => Readonly<Record<string, string>>;
}

/** Leaves expressions and modules alone. */
export const UNCHECKED: PolicyChecks = { problemOf: () => null, digestsOf: () => ({}) };

/** What is wrong with the expressions of a policy. */
export function expressionComplaints(policy: Policy, { problemOf }: PolicyChecks): readonly Complaint[] {
  return (['global', 'project'] as const).flatMap((scope) =>
    problemsOfRules(policy[scope].rules, problemOf).map(({ path, message }) => ({
      path: [scope, 'rules', ...path],
      message,
    })),
  );
}
