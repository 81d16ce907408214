import { z } from 'zod';
import { INSTANCE_STATUSES, SCOPES } from './instance.ts';
import { text } from './text.schema.ts';

/** Query of `GET /instances`. */
export const InstanceListQuery = z.strictObject({
  scope: z.enum(SCOPES).optional(),
  status: z.enum(INSTANCE_STATUSES).optional(),
  parent_id: z.uuid().toLowerCase().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: text(500).optional(),
});
export type InstanceListQuery = z.infer<typeof InstanceListQuery>;
