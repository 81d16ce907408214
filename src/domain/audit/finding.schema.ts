import { z } from 'zod';
import { CHECKS, type Check } from './finding.ts';

const check = z.enum(Object.keys(CHECKS) as [Check, ...Check[]]);

/** Answer of `GET /audit`: every check with how often it failed, and what was found. */
export const AuditResponse = z.object({
  tasks: z.int(),
  checks: z.array(z.object({ check, promise: z.string(), findings: z.int() })),
  findings: z.array(
    z.object({ check, task_id: z.string().nullable(), instance_id: z.string().nullable(), detail: z.string() }),
  ),
});
export type AuditResponse = z.infer<typeof AuditResponse>;
