import { z } from 'zod';
import { TaskDelegationResponse } from './delegation.schema.ts';
import { SCOPES } from './instance.ts';
import { TaskResponse } from './task.schema.ts';

/** Something that waits for a person, as users see it. */
export const InboxItemResponse = z.object({
  kind: z.enum(['offer', 'held', 'question']),
  since: z.string(),
  instance: z.object({ id: z.string(), name: z.string(), scope: z.enum(SCOPES) }),
  task: TaskResponse,
  delegation: TaskDelegationResponse.nullable(),
});
export type InboxItemResponse = z.infer<typeof InboxItemResponse>;
