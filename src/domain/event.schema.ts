import { z } from 'zod';
import { ActorResponse } from './actor.schema.ts';

/** One line of a task's audit trail. */
export const TaskEventResponse = z.object({
  task_id: z.string(),
  seq: z.int(),
  type: z.string(),
  at: z.string(),
  actor: ActorResponse,
  data: z.record(z.string(), z.json()),
});
export type TaskEventResponse = z.infer<typeof TaskEventResponse>;

/** One line of an instance's audit trail. */
export const InstanceEventResponse = TaskEventResponse.omit({ task_id: true }).extend({ instance_id: z.string() });
export type InstanceEventResponse = z.infer<typeof InstanceEventResponse>;
