import { z } from 'zod';
import { SCOPES } from './instance.ts';
import { PolicySchema } from './policy.schema.ts';
import { ACTIONS } from './routing-decision.ts';
import { DecisionResponse } from './routing-decision.schema.ts';
import { TASK_STATUSES } from './task.ts';
import { TaskCreate } from './task.schema.ts';

const uuid = z.uuid().toLowerCase();

const TriedPolicy = PolicySchema.refine(({ behaviors }) => Object.keys(behaviors).length === 0, {
  path: ['behaviors'],
  error: 'a preview uses the behaviours that are in force: leave this out',
});

/** Body of `POST /routes/preview`: a task that is not there yet, or one that is, as if it were rerouted now. */
export const PreviewBody = z
  .strictObject({
    task: TaskCreate.optional(),
    task_id: uuid.optional(),
    instance_id: uuid.nullish(),
    policy: TriedPolicy.optional(),
  })
  .refine((body) => (body.task === undefined) !== (body.task_id === undefined), {
    path: ['task'],
    error: 'give one of task and task_id',
  })
  .refine((body) => body.task_id === undefined || (body.instance_id ?? null) === null, {
    path: ['instance_id'],
    error: 'a task that exists is decided where it is: leave this out',
  })
  .refine(({ task, instance_id: entry }) => isSameOrAbsent(task?.instance_id, entry), {
    path: ['instance_id'],
    error: 'task.instance_id names another instance: give one of them',
  });
export type PreviewBody = z.infer<typeof PreviewBody>;
export type PreviewBodyInput = z.input<typeof PreviewBody>;

const Place = z.object({ id: z.string().nullable(), name: z.string(), scope: z.enum(SCOPES) });

/** A decision that a task would get: as one on record, but without an id and a time, and with names. */
export const PreviewedDecisionResponse = DecisionResponse.extend({
  id: z.null(),
  task_id: z.string().nullable(),
  instance_id: z.string().nullable(),
  action: z.enum([...ACTIONS, 'wait', 'hold']),
  decided_at: z.null(),
  instance: Place,
  target: Place.extend({ acceptance: z.enum(['auto', 'manual']), acceptance_timeout_seconds: z.int() }).nullable(),
  creates: z.object({ scope: z.enum(SCOPES), name: z.string(), capabilities: z.array(z.string()) }).nullable(),
});
export type PreviewedDecisionResponse = z.infer<typeof PreviewedDecisionResponse>;

/** Every decision that a task would get if every offer of it were accepted, and how it would stand then. */
export const RoutePreviewResponse = z.object({
  decisions: z.array(PreviewedDecisionResponse),
  outcome: z.object({
    status: z.enum(TASK_STATUSES),
    instance: Place,
    blocked_on: z.string().nullable(),
    retry_at: z.string().nullable(),
    failure: z.object({ code: z.string(), reason: z.string() }).nullable(),
  }),
});
export type RoutePreviewResponse = z.infer<typeof RoutePreviewResponse>;

function isSameOrAbsent(one: string | null | undefined, other: string | null | undefined): boolean {
  return (one ?? null) === null || (other ?? null) === null || one === other;
}
