import { z } from 'zod';
import { MAX_QUEUE_NAME, RESERVED_QUEUES } from './executor.ts';
import { words } from './text.schema.ts';

const seconds = z.int().min(1).max(31_536_000);

/** Who does the work of an instance, where it is not whoever claims it: the workers of a Temporal task queue (rule U1). */
export const ExecutorSchema = z.strictObject({
  type: z.literal('temporal', 'must be "temporal", the only kind there is'),
  task_queue: words(MAX_QUEUE_NAME)
    .refine((name) => name === name.trim(), 'must not begin or end with white space')
    .refine(
      (name) => !RESERVED_QUEUES.some((reserved) => reserved.test(name)),
      'is reserved: give the workers their own',
    ),
  /** A worker that is silent for so long has lost its task. */
  heartbeat_timeout_seconds: seconds.optional(),
  /** Where no worker takes the task within this time, it is given back untried. */
  schedule_to_start_timeout_seconds: seconds.optional(),
});
export type Executor = Readonly<z.infer<typeof ExecutorSchema>>;
