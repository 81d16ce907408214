import { z } from 'zod';
import type { Scope } from './instance.ts';
import { JOINS } from './parts/part.ts';
import { RuleSchema } from './rule.schema.ts';
import { words } from './text.schema.ts';

const count = z.int().min(0).max(1_000_000);
const seconds = z.int().min(1).max(31_536_000);

const acceptanceKeys = {
  acceptance: z.enum(['auto', 'manual']),
  acceptance_timeout_seconds: seconds,
};

const workKeys = {
  max_concurrent_tasks: count,
  retry_on_failure: z.boolean(),
  max_retries: count,
  retry_delay_seconds: seconds,
  on_exhausted: z.enum(['escalate', 'fail']),
  max_total_attempts: z.int().min(1).max(1_000_000),
  worker_timeout_seconds: seconds,
};

const routingKeys = {
  rules: z.array(RuleSchema).max(100),
  retry_after_seconds: seconds,
  max_retryable_refusals: count,
};

const globalKeys = {
  routing_strategy: z.enum(['tag_first', 'keyword', 'round_robin']),
  fallback_strategy: z.enum(['round_robin', 'least_busy']),
  explicit_target: z.enum(['require', 'prefer']),
  auto_create_projects: z.boolean(),
  max_projects: count,
};

const projectKeys = {
  complexity_threshold: count,
  complexity_tags: z.array(words(100)).max(200),
  complexity_tag_weight: count,
  complexity_max_hours: count,
  orchestration_threshold: count,
  auto_create_orchestrations: z.boolean(),
  max_orchestrations_per_project: count,
  decompose_subtasks: z.boolean(),
  decompose_join: z.enum(JOINS),
};

const unroutableKeys = { on_unroutable: z.enum(['reject', 'hold']) };

const dueKeys = { on_due_missed: z.enum(['none', 'escalate', 'cancel']) };

/** Defaults of design: the specification's, and `auto` acceptance within 900 seconds. */
const ACCEPTANCE = { acceptance: 'auto', acceptance_timeout_seconds: 900 } as const;
const DUE = { on_due_missed: 'none' } as const;
const ROUTING = { rules: [], retry_after_seconds: 60, max_retryable_refusals: 3 };
const WORK = {
  max_concurrent_tasks: 10,
  retry_on_failure: true,
  max_retries: 3,
  retry_delay_seconds: 5,
  on_exhausted: 'escalate',
  max_total_attempts: 12,
  worker_timeout_seconds: 300,
} as const;

export const GlobalPolicySchema = withDefaults(
  { ...globalKeys, ...routingKeys, ...unroutableKeys, ...dueKeys, ...acceptanceKeys },
  {
    routing_strategy: 'tag_first',
    fallback_strategy: 'round_robin',
    explicit_target: 'require',
    auto_create_projects: false,
    max_projects: 10,
    on_unroutable: 'reject',
    ...ROUTING,
    ...DUE,
    ...ACCEPTANCE,
  },
);
export type GlobalPolicy = Readonly<z.infer<typeof GlobalPolicySchema>>;

export const ProjectPolicySchema = withDefaults(
  { ...projectKeys, ...routingKeys, ...unroutableKeys, ...dueKeys, ...acceptanceKeys, ...workKeys },
  {
    complexity_threshold: 3,
    complexity_tags: ['multi-step', 'automation', 'complex', 'czarina'],
    complexity_tag_weight: 2,
    complexity_max_hours: 5,
    orchestration_threshold: 5,
    auto_create_orchestrations: true,
    max_orchestrations_per_project: 5,
    decompose_subtasks: false,
    decompose_join: 'all',
    on_unroutable: 'reject',
    ...ROUTING,
    ...DUE,
    ...ACCEPTANCE,
    ...WORK,
  },
);
export type ProjectPolicy = Readonly<z.infer<typeof ProjectPolicySchema>>;

export const OrchestrationPolicySchema = withDefaults(
  { ...unroutableKeys, ...dueKeys, ...acceptanceKeys, ...workKeys },
  { on_unroutable: 'reject', ...DUE, ...ACCEPTANCE, ...WORK },
);
export type OrchestrationPolicy = Readonly<z.infer<typeof OrchestrationPolicySchema>>;

/** Modules with custom behaviours, by scope; a path is relative to the file that names it. */
const BehaviorsSchema = z
  .strictObject({ global: words(1_000), project: words(1_000), orchestration: words(1_000) })
  .partial();

/** The content of `config/scope_behaviors.yaml`; a missing section or key takes the default. */
export const PolicySchema = z.strictObject({
  global: GlobalPolicySchema.prefault({}),
  project: ProjectPolicySchema.prefault({}),
  orchestration: OrchestrationPolicySchema.prefault({}),
  behaviors: BehaviorsSchema.prefault({}),
});
export type Policy = Readonly<z.infer<typeof PolicySchema>>;

/** Every policy key that an instance may override in its own `config`. */
export const PolicyOverridesSchema = z
  .strictObject({
    ...globalKeys,
    ...projectKeys,
    ...routingKeys,
    ...unroutableKeys,
    ...dueKeys,
    ...acceptanceKeys,
    ...workKeys,
  })
  .partial();

const EVERYWHERE = { ...acceptanceKeys, ...unroutableKeys };

/** The keys that an instance of a scope may override: those of its scope, and those that every scope may have. */
export const OVERRIDABLE = {
  global: keysOf({ ...GlobalPolicySchema.shape, ...EVERYWHERE }),
  project: keysOf({ ...ProjectPolicySchema.shape, ...EVERYWHERE }),
  orchestration: keysOf({ ...OrchestrationPolicySchema.shape, ...EVERYWHERE }),
} as const satisfies Record<Scope, ReadonlySet<string>>;

function keysOf(shape: object): ReadonlySet<string> {
  return new Set(Object.keys(shape));
}

function withDefaults<Shape extends z.core.$ZodShape>(shape: Shape, defaults: z.input<z.ZodObject<Shape>>) {
  const filled = Object.entries(shape).map(([key, schema]) => [
    key,
    (schema as z.ZodType).default((defaults as Record<string, unknown>)[key]),
  ]);
  return z.strictObject(Object.fromEntries(filled) as { [Key in keyof Shape]: z.ZodDefault<Shape[Key] & z.ZodType> });
}
