import { z } from 'zod';
import { DELEGATION_STATUSES, DELEGATION_TYPES } from './delegation.ts';
import { SCOPES } from './instance.ts';
import { JsonSchema } from './json.schema.ts';
import { text, words } from './text.schema.ts';

const notes = text(10_000).nullish();

/** Body of `POST /tasks/:id/delegations` (the specification's TaskDelegationCreate; the task is named by the path). */
export const TaskDelegationCreate = z.strictObject({
  task_id: z.uuid().toLowerCase().optional(),
  target_instance_id: z.uuid().toLowerCase(),
  delegation_type: z.enum(DELEGATION_TYPES).default('reassign'),
  notes,
});
export type TaskDelegationCreate = z.infer<typeof TaskDelegationCreate>;

/** A delegation as users see it. */
export const TaskDelegationResponse = z.object({
  id: z.string(),
  task_id: z.string(),
  hop: z.int(),
  source_instance_id: z.string(),
  target_instance_id: z.string(),
  delegation_type: z.enum(DELEGATION_TYPES),
  status: z.enum(DELEGATION_STATUSES),
  delegated_at: z.string(),
  accepted_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  expires_at: z.string().nullable(),
  decided_by: z.string().nullable(),
  rejection_code: z.string().nullable(),
  result: z.json(),
  notes: z.string().nullable(),
});
export type TaskDelegationResponse = z.infer<typeof TaskDelegationResponse>;

const InstanceRef = z.object({ id: z.string(), name: z.string(), scope: z.enum(SCOPES) });

/** A delegation with the instances at both its ends and the reason of the decision that made it. */
export const ChainLinkResponse = TaskDelegationResponse.extend({
  source_instance: InstanceRef,
  target_instance: InstanceRef,
  reason: z.string().nullable(),
});
export type ChainLinkResponse = z.infer<typeof ChainLinkResponse>;

/** The delegations of a task in hop order, and where it entered and is. */
export const DelegationChainResponse = z.object({
  task_id: z.string(),
  chain: z.array(ChainLinkResponse),
  origin_instance_id: z.string(),
  current_instance_id: z.string(),
});
export type DelegationChainResponse = z.infer<typeof DelegationChainResponse>;

/** Body of `POST /delegations/:id/accept`. */
export const AcceptBody = z.strictObject({ notes });

/** Body of `POST /delegations/:id/reject`. */
export const RejectBody = z.strictObject({
  reason: words(2_000),
  code: words(100).nullish(),
  retryable: z.boolean().optional(),
});

/** Body of `POST /delegations/:id/complete`. */
export const CompleteDelegationBody = z.strictObject({ result: JsonSchema.optional() });
