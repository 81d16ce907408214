import type { InstanceConfig } from '../../src/domain/instance.schema.ts';
import type { Tree } from '../support/hopper.ts';

export const PLACES = ['global', 'alpha', 'beta', 'gamma', 'desk', 'line'] as const;
/** An instance of the tree that every sequence gets for itself. */
export type Place = (typeof PLACES)[number];

/** Where a task may be asked to enter. */
export const ENTRIES = ['global', 'alpha', 'gamma'] as const satisfies readonly Place[];

/** What the model knows of an instance; the tree for Hopper is made from the same. */
interface Traits {
  readonly scope: Tree['scope'];
  readonly parent: Place | null;
  readonly asks: boolean;
  readonly capabilities: readonly string[];
  readonly slots: number;
  readonly retries: number;
  readonly exhausted: 'escalate' | 'fail';
}

const plain = { asks: false, capabilities: [], slots: 2, retries: 0, exhausted: 'escalate' } as const;

export const TRAITS = {
  global: { ...plain, scope: 'global', parent: null },
  alpha: { ...plain, scope: 'project', parent: 'global', capabilities: ['a1', 'a2', 'c1'], slots: 1, retries: 1 },
  beta: { ...plain, scope: 'project', parent: 'global', capabilities: ['b1', 'b2', 'a1'], asks: true },
  gamma: { ...plain, scope: 'project', parent: 'global', capabilities: ['c1', 'c2', 'b1'], exhausted: 'fail' },
  desk: { ...plain, scope: 'orchestration', parent: 'gamma', capabilities: ['complex'], asks: true, retries: 1 },
  line: { ...plain, scope: 'orchestration', parent: 'gamma' },
} as const satisfies Record<Place, Traits>;

/** One capability more than the second, and two more than the third: who is asked first is never in doubt. */
export const WANTS = {
  alpha: { tags: ['a1', 'a2'], order: ['alpha', 'beta', 'gamma'] },
  beta: { tags: ['b1', 'b2'], order: ['beta', 'gamma', 'alpha'] },
  gamma: { tags: ['c1', 'c2'], order: ['gamma', 'alpha', 'beta'] },
} as const satisfies Record<string, { readonly tags: readonly string[]; readonly order: readonly Place[] }>;
export type Want = keyof typeof WANTS;

/** The tag that makes a task too complex for a project of this tree. */
export const COMPLEX = 'complex';
/** The orchestrations of gamma: the one with the tag, then the other. */
export const FOR_COMPLEX = ['desk', 'line'] as const satisfies readonly Place[];
export const MOST_ATTEMPTS = 3;
/** So many retryable refusals of one target count as a firm one. */
export const RETRYABLE_REFUSALS = 3;

/** The tree as Hopper gets it; `hold`: a task that nobody takes is held, else rejected. */
export function treeOf(onUnroutable: 'hold' | 'reject'): Tree {
  return grow('global', { on_unroutable: onUnroutable, retry_after_seconds: 86_400 });
}

function grow(name: Place, config: InstanceConfig): Tree {
  const children = PLACES.filter((each) => TRAITS[each].parent === name);
  const { scope } = TRAITS[name];
  return { name, scope, config, children: children.map((child) => grow(child, configOf(child))) };
}

/** Load and time decide nothing: what is postponed stays so, and no project is too full. */
function configOf(name: Place): InstanceConfig {
  const { scope, asks, capabilities, slots, retries, exhausted } = TRAITS[name];
  const atProject = {
    complexity_threshold: 0,
    orchestration_threshold: 1_000,
    auto_create_orchestrations: false,
    retry_after_seconds: 86_400,
  };
  return {
    ...(scope === 'project' && atProject),
    capabilities: [...capabilities],
    acceptance: asks ? 'manual' : 'auto',
    max_concurrent_tasks: slots,
    max_retries: retries,
    retry_delay_seconds: 1,
    on_exhausted: exhausted,
    max_total_attempts: MOST_ATTEMPTS,
  };
}
