import type { Instance } from './instance.ts';
import type { Policy } from './policy.schema.ts';

/** The policy as it holds at one instance: its own overrides win over the file (rule Y2). */
export function policyAt(policy: Policy, instance: Pick<Instance, 'scope' | 'config'>): Policy {
  const section = policy[instance.scope];
  const overrides: Record<string, unknown> = instance.config;
  const merged = Object.fromEntries(Object.entries(section).map(([key, value]) => [key, overrides[key] ?? value]));
  return { ...policy, [instance.scope]: merged };
}
