import { z } from 'zod';
import { ACTIONS } from './routing-decision.ts';

/** A recorded decision as users see it. */
export const DecisionResponse = z.object({
  id: z.string(),
  task_id: z.string(),
  step: z.int(),
  instance_id: z.string(),
  action: z.enum(ACTIONS),
  target_instance_id: z.string().nullable(),
  reason: z.string(),
  strategy: z.string(),
  policy_hash: z.string(),
  candidates: z.array(
    z.object({ instance_id: z.string(), name: z.string(), score: z.number(), chosen: z.boolean(), why: z.string() }),
  ),
  candidates_left_out: z.int(),
  decided_at: z.string(),
});
export type DecisionResponse = z.infer<typeof DecisionResponse>;
