import { createHash } from 'node:crypto';
import { type Policy, PolicySchema } from '../domain/policy.schema.ts';
import { complaintsOf } from './complaints.ts';
import type { ConfigFile } from './settings.ts';
import { parseYaml, readConfigFile, refuse } from './yaml-file.ts';

/** The policy that holds, the hash that decisions name it by, and the text it was read from. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly hash: string;
  readonly text: string;
}

/** Reads the policy; an absent file that nobody named, an empty one or a missing section takes the defaults. */
export function loadPolicy(file: ConfigFile): LoadedPolicy {
  const text = readConfigFile(file, 'invalid_policy') ?? '';
  const policy = parsePolicy(file.path, text);
  return { policy, hash: hashOf(policy), text };
}

function parsePolicy(path: string, text: string): Policy {
  const [first, second] = parseYaml(path, text, 'invalid_policy');
  if (first === undefined) return PolicySchema.parse({});
  if (second !== undefined) {
    refuse(path, [second.locate({ path: [], message: 'a policy is one document' })], 'invalid_policy');
  }
  const parsed = PolicySchema.safeParse(withoutEmptySections(first.value));
  if (parsed.success) return Object.freeze(parsed.data);
  refuse(path, complaintsOf(parsed.error).map(first.locate), 'invalid_policy');
  throw parsed.error;
}

/** In YAML a section whose keys are all commented out is null; it means "the defaults". */
function withoutEmptySections(value: unknown): unknown {
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}

function hashOf(policy: Policy): string {
  return createHash('sha256').update(canonical(policy)).digest('hex');
}

/** JSON with the keys of every object in order: the same policy has one text only. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
