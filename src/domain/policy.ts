import type { Instance } from './instance.ts';
import type { Policy } from './policy.schema.ts';

/** A checked policy, the hash that decisions name it by, and the text it was read from. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly hash: string;
  readonly text: string;
}

/** Makes a policy of a text; refuses it with every problem, each with its line in the text of that name. */
export type ParsePolicy = (name: string, text: string) => LoadedPolicy;

/** The policy as it holds at one instance: its own overrides win over the file (rule Y2). */
export function policyAt(policy: Policy, instance: Pick<Instance, 'scope' | 'config'>): Policy {
  const section = policy[instance.scope];
  const overrides: Record<string, unknown> = instance.config;
  const merged = Object.fromEntries(Object.entries(section).map(([key, value]) => [key, overrides[key] ?? value]));
  return { ...policy, [instance.scope]: merged };
}
