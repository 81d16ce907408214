import { z } from 'zod';
import { DELEGATION_STATUSES } from '../delegation.ts';
import { INSTANCE_STATUSES, SCOPES } from '../instance.ts';
import { DecisionResponse } from '../routing-decision.schema.ts';
import { TASK_STATUSES } from '../task.ts';
import { STEP_ACTIONS } from './explanation.ts';

const NamedRef = z.object({ id: z.string(), name: z.string() });
const InstanceRef = NamedRef.extend({ scope: z.enum(SCOPES) });
const time = z.string();

const WayStepResponse = z.object({
  hop: z.int().nullable(),
  step: z.int().nullable(),
  at: time,
  instance: InstanceRef,
  action: z.enum(STEP_ACTIONS),
  target: InstanceRef.nullable(),
  reason: z.string(),
  strategy: z.string(),
  policy_hash: z.string().nullable(),
  candidates: DecisionResponse.shape.candidates,
  candidates_left_out: z.int(),
  outcome: z
    .object({ status: z.enum(DELEGATION_STATUSES), by: z.string().nullable(), notes: z.string().nullable() })
    .nullable(),
});
export type WayStepResponse = z.infer<typeof WayStepResponse>;

/** Where a task is, why it went there, and what it waits for, as users see it. */
export const ExplanationResponse = z.object({
  task_id: z.string(),
  title: z.string(),
  status: z.enum(TASK_STATUSES),
  headline: z.string(),
  where: z.object({
    instance: InstanceRef.extend({ status: z.enum(INSTANCE_STATUSES) }),
    path: z.array(InstanceRef),
    since: time,
  }),
  why: z.array(WayStepResponse),
  why_left_out: z.int(),
  waits_for: z
    .object({
      what: z.string(),
      who: NamedRef.nullable(),
      since: time,
      until: time.nullable(),
      how: z.array(z.string()),
    })
    .nullable(),
  not_asked: z.array(z.object({ instance: NamedRef, why: z.string(), until: time.nullable() })),
  ended: z
    .object({
      status: z.enum(TASK_STATUSES),
      by: z.string().nullable(),
      at: time,
      reason: z.string().nullable(),
      has_result: z.boolean(),
    })
    .nullable(),
});
export type ExplanationResponse = z.infer<typeof ExplanationResponse>;
