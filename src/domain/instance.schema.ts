import { z } from 'zod';
import { ExecutorSchema } from './executor.schema.ts';
import { INSTANCE_STATUSES, SCOPES, type Scope } from './instance.ts';
import { OVERRIDABLE, PolicyOverridesSchema } from './policy.schema.ts';
import { text, words } from './text.schema.ts';

const labels = z.array(words(100)).max(200);

/** What an instance can do and how it differs from the policy of its scope. */
export const InstanceConfigSchema = z.strictObject({
  description: text(2_000).optional(),
  capabilities: labels.optional(),
  keywords: labels.optional(),
  executor: ExecutorSchema.optional(),
  ...PolicyOverridesSchema.shape,
});
export type InstanceConfig = z.infer<typeof InstanceConfigSchema>;

/** A key of a config that its scope knows nothing of, and so could only mislead. */
export interface ForeignKey {
  readonly path: readonly ['config', string];
  readonly message: string;
}

/** The keys of a config that instances of this scope do not have: a Global does no work (rules Y2 and U1). */
export function foreignKeys(scope: Scope, config: InstanceConfig): readonly ForeignKey[] {
  return Object.keys(config)
    .filter((key) => isForeign(scope, key))
    .map((key) => ({ path: ['config', key], message: `means nothing to an instance of scope ${scope}: leave it out` }));
}

function isForeign(scope: Scope, key: string): boolean {
  if (key === 'executor') return scope === 'global';
  return key in PolicyOverridesSchema.shape && !OVERRIDABLE[scope].has(key);
}

/** Refuses an instance with keys that its scope does not have. */
export function refuseForeignKeys(
  { scope, config }: { readonly scope: Scope; readonly config: InstanceConfig },
  context: z.RefinementCtx,
): void {
  for (const { path, message } of foreignKeys(scope, config)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
}

const name = words(200);

/** Body of `POST /instances`. */
export const InstanceCreate = z
  .strictObject({
    name,
    scope: z.enum(SCOPES),
    parent_id: z.uuid().toLowerCase().nullish(),
    config: InstanceConfigSchema.default({}),
  })
  .superRefine(refuseForeignKeys);
export type InstanceCreate = z.infer<typeof InstanceCreate>;

/** Body of `PATCH /instances/:id`; `config` replaces the old one. */
export const InstancePatch = z
  .strictObject({ name: name.optional(), config: InstanceConfigSchema.optional() })
  .refine((body) => Object.keys(body).length > 0, 'give a name or a config');
export type InstancePatch = z.infer<typeof InstancePatch>;

/** Body of `POST /instances/:id/stop` and `DELETE /instances/:id`. */
export const InstanceStop = z.strictObject({
  force: z
    .boolean()
    .default(false)
    .describe('Work in progress is not waited for: its leases are ended, and it moves on'),
});
export type InstanceStop = z.infer<typeof InstanceStop>;

/** An instance as users see it. */
export const InstanceResponse = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(SCOPES),
  status: z.enum(INSTANCE_STATUSES),
  parent_id: z.string().nullable(),
  config: InstanceConfigSchema,
  created_at: z.string(),
  updated_at: z.string(),
});
export type InstanceResponse = z.infer<typeof InstanceResponse>;

/** An instance with everything below it. */
export const InstanceTreeResponse = InstanceResponse.extend({
  get children() {
    return z.array(InstanceTreeResponse);
  },
});
export type InstanceTreeResponse = z.infer<typeof InstanceTreeResponse>;

/** Answer of `GET /instances/:id/stats`. */
export const InstanceStatsResponse = z.object({
  instance_id: z.string(),
  tasks: z.object({
    routing: z.int(),
    offered: z.int(),
    queued: z.int(),
    in_progress: z.int(),
    waiting: z.int(),
    blocked: z.int(),
  }),
  pending_offers: z.int(),
  slots: z.object({ used: z.int(), limit: z.int().nullable() }),
  oldest_queued_at: z.string().nullable(),
});
export type InstanceStatsResponse = z.infer<typeof InstanceStatsResponse>;
