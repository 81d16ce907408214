import { z } from 'zod';
import { JsonObjectSchema, JsonSchema } from './json.schema.ts';
import { JOINS } from './parts/part.ts';
import { PRIORITIES, TASK_STATUSES } from './task.ts';
import { text, words } from './text.schema.ts';

const time = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with a zone' });
const uuid = z.uuid().toLowerCase();

const title = words(500);
const description = text(50_000).nullish();
const tags = z.array(words(100)).max(100);
const estimatedDuration = z.int().min(0).max(10_000_000).nullish();
const label = text(500).nullish();

/** Body of `POST /tasks`. */
export const TaskCreate = z.strictObject({
  id: uuid.optional(),
  title,
  description,
  tags: tags.default([]),
  priority: z.enum(PRIORITIES).default('medium'),
  estimated_duration: estimatedDuration,
  metadata: JsonObjectSchema.default({}),
  instance_id: uuid.nullish(),
  requester: label,
  external_ref: label,
  due_at: time.nullish(),
  not_before: time.nullish(),
});
export type TaskCreate = z.infer<typeof TaskCreate>;
export type TaskCreateInput = z.input<typeof TaskCreate>;

/** What a Temporal client may start a `taskWorkflow` with: the same task, in camelCase. */
export const TaskStart = z.strictObject({
  id: uuid,
  title,
  description,
  tags: tags.default([]),
  priority: z.enum(PRIORITIES).default('medium'),
  estimatedDuration,
  metadata: JsonObjectSchema.default({}),
  instanceId: uuid.nullish(),
  requester: label,
  externalRef: label,
  dueAt: time.nullish(),
  notBefore: time.nullish(),
});
export type TaskStart = z.infer<typeof TaskStart>;

/** The input of the workflow `taskWorkflow`. */
export const TaskWorkflowStart = z.strictObject({ task: TaskStart });

/** Body of `PATCH /tasks/:id`. */
export const TaskPatch = z
  .strictObject({ priority: z.enum(PRIORITIES).optional(), due_at: time.nullish(), not_before: time.nullish() })
  .refine((body) => Object.keys(body).length > 0, 'give priority, due_at or not_before');
export type TaskPatch = z.infer<typeof TaskPatch>;

const reason = words(2_000);

/** Body of `POST /tasks/:id/complete`. */
export const CompleteBody = z.strictObject({ result: JsonSchema.optional(), force: z.boolean().optional() });
/** Body of `POST /tasks/:id/fail`. */
export const FailBody = z.strictObject({ reason, force: z.boolean().optional() });
/** Body of `POST /tasks/:id/cancel`. */
export const CancelBody = z.strictObject({ reason: text(2_000).nullish() });
/** Body of `POST /tasks/:id/escalate`. */
export const EscalateBody = z.strictObject({ reason });
/** Body of `POST /tasks/:id/reroute`. */
export const RerouteBody = z.strictObject({ reason: text(2_000).nullish(), force: z.boolean().optional() });

const QuestionResponse = z.object({
  text: z.string(),
  asked_by: z.string(),
  asked_at: z.string(),
  answer: z.string().nullable(),
  answered_by: z.string().nullable(),
});

/** Body of `POST /tasks/:id/answer`. */
export const AnswerBody = z.strictObject({ text: words(10_000) });

/** A task as users see it. */
export const TaskResponse = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  tags: z.array(z.string()),
  priority: z.enum(PRIORITIES),
  estimated_duration: z.int().nullable(),
  metadata: z.record(z.string(), z.json()),
  status: z.enum(TASK_STATUSES),
  blocked_on: z.string().nullable(),
  questions: z.array(QuestionResponse),
  attempts: z.int(),
  available_at: z.string().nullable(),
  instance_id: z.string(),
  entry_instance_id: z.string(),
  parent_task_id: z.string().nullable(),
  part_key: z.string().nullable(),
  join: z.enum(JOINS).nullable(),
  retry_of: z.string().nullable(),
  requester: z.string().nullable(),
  external_ref: z.string().nullable(),
  due_at: z.string().nullable(),
  due_missed: z.boolean(),
  not_before: z.string().nullable(),
  result: z.json(),
  failure: z.object({ code: z.string(), reason: z.string() }).nullable(),
  finished_by: z.string().nullable(),
  workflow_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  finished_at: z.string().nullable(),
});
export type TaskResponse = z.infer<typeof TaskResponse>;

/** Query of `GET /tasks`. */
export const TaskQuery = z.strictObject({
  status: z.enum(TASK_STATUSES).optional(),
  instance_id: uuid.optional(),
  tag: text(100).optional(),
  q: text(500).optional(),
  parent_task_id: uuid.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: text(500).optional(),
});
export type TaskQuery = z.infer<typeof TaskQuery>;
