import type { Policy } from '../../src/domain/policy.schema.ts';
import { PolicySchema } from '../../src/domain/policy.schema.ts';
import { groupsOf } from './seed.ts';

/** One kind of decision: the tasks that lead to it, and what then decides. */
export interface Kind {
  readonly name: string;
  readonly strategy: string;
  readonly policy: Policy;
  readonly task: (number: number, size: number) => { readonly title: string; readonly tags?: readonly string[] };
}

/** Offers are open until somebody answers, so that each decision changes the load of its target. */
const shipped = policy({});
const leastBusy = policy({ fallback_strategy: 'least_busy' });

/** What is measured; nothing in a title matches unless the kind is about keywords. */
export const KINDS: readonly Kind[] = [
  { name: 'selective tag', strategy: 'tags', policy: shipped, task: (n, size) => tagged(skill(n, size)) },
  { name: 'common tag', strategy: 'tags', policy: shipped, task: () => tagged('everything') },
  {
    name: 'common and selective tag',
    strategy: 'tags',
    policy: shipped,
    task: (n, size) => tagged('everything', skill(n, size)),
  },
  {
    name: 'selective word',
    strategy: 'keywords',
    policy: shipped,
    task: (n, size) => ({ title: `Bring topic${String(n % groupsOf(size))} to an end` }),
  },
  {
    name: 'common words',
    strategy: 'keywords',
    policy: shipped,
    task: () => ({ title: 'Some work for a department' }),
  },
  { name: 'round robin', strategy: 'round_robin', policy: shipped, task: () => ({ title: 'Unmatched' }) },
  { name: 'least busy', strategy: 'least_busy', policy: leastBusy, task: () => ({ title: 'Unmatched' }) },
];

function policy(global: object): Policy {
  return PolicySchema.parse({ global, project: { acceptance: 'manual' } });
}

function tagged(...tags: string[]): { title: string; tags: string[] } {
  return { title: 'Unmatched', tags };
}

function skill(number: number, size: number): string {
  return `skill-${String(number % groupsOf(size))}`;
}
