import { createHash } from 'node:crypto';
import type { LoadedPolicy } from '../domain/policy.ts';
import { type Policy, PolicySchema } from '../domain/policy.schema.ts';
import { isStorable } from '../domain/text.schema.ts';
import { complaintsOf } from './complaints.ts';
import type { ConfigFile } from './settings.ts';
import { type PolicyChecks, UNCHECKED, expressionComplaints } from './policy-checks.ts';
import { parseYaml, readConfigFile, refuse } from './yaml-file.ts';

/** Reads the policy; an absent file that nobody named, an empty one or a missing section takes the defaults. */
export function loadPolicy(file: ConfigFile, checks: PolicyChecks = UNCHECKED): LoadedPolicy {
  return parsePolicy(file.path, readPolicyText(file), checks);
}

/** The text of the policy file; empty if it is absent and nobody named it. */
export function readPolicyText(file: ConfigFile): string {
  return readConfigFile(file, 'invalid_policy') ?? '';
}

/** Makes a policy of a YAML text, wherever it came from; `name` is what its problems call it. */
export function parsePolicy(name: string, text: string, checks: PolicyChecks = UNCHECKED): LoadedPolicy {
  const policy = policyOf(name, text, checks);
  return { policy, hash: hashOf(policy, checks.digestsOf(policy)), text };
}

function policyOf(path: string, text: string, checks: PolicyChecks): Policy {
  if (!isStorable(text))
    refuse(path, [{ path, message: 'contains a character that cannot be kept' }], 'invalid_policy');
  const [first, second] = parseYaml(path, text, 'invalid_policy');
  if (first === undefined) return PolicySchema.parse({});
  if (second !== undefined) {
    refuse(path, [second.locate({ path: [], message: 'a policy is one document' })], 'invalid_policy');
  }
  const parsed = PolicySchema.safeParse(withoutEmptySections(first.value));
  if (!parsed.success) {
    refuse(path, complaintsOf(parsed.error).map(first.locate), 'invalid_policy');
    throw parsed.error;
  }
  refuse(path, expressionComplaints(parsed.data, checks).map(first.locate), 'invalid_policy');
  return Object.freeze(parsed.data);
}

/** In YAML a section whose keys are all commented out is null; it means "the defaults". */
function withoutEmptySections(value: unknown): unknown {
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}

/** Another module under the same path is another policy. */
function hashOf(policy: Policy, digests: Readonly<Record<string, string>>): string {
  const whole = Object.keys(digests).length === 0 ? policy : { policy, digests };
  return createHash('sha256').update(canonical(whole)).digest('hex');
}

/** JSON with the keys of every object in order: the same policy has one text only. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
