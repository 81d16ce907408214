import { z } from 'zod';

/** The process answers. */
export const HealthResponse = z.object({ status: z.literal('ok') });

/** What the process needs answers too; each part says `ok` or what is wrong. */
export const ReadinessResponse = z.object({
  status: z.enum(['ok', 'unavailable']),
  database: z.string(),
  temporal: z.string(),
});
export type ReadinessResponse = z.infer<typeof ReadinessResponse>;
