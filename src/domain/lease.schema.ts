import { z } from 'zod';
import { JsonSchema } from './json.schema.ts';
import { LEASE_OUTCOMES } from './lease.ts';
import { TaskResponse } from './task.schema.ts';
import { text, words } from './text.schema.ts';

const LONGEST_WAIT_SECONDS = 25;

/** Body of `POST /instances/:id/claim`. */
export const ClaimBody = z.strictObject({
  worker_id: words(200),
  request_id: words(200).optional(),
  wait_seconds: z.number().min(0).max(LONGEST_WAIT_SECONDS).default(0),
  skills: z.array(words(100)).max(200).optional(),
  instance_ids: z.array(z.uuid().toLowerCase()).max(100).optional(),
  subtree: z.boolean().default(false),
});
export type ClaimBody = z.infer<typeof ClaimBody>;

const percent = z.int().min(0).max(100);

/** Body of `POST /leases/:id/heartbeat`. */
export const HeartbeatBody = z.strictObject({ note: text(1_000).optional(), percent: percent.optional() });
export type HeartbeatBody = z.infer<typeof HeartbeatBody>;

const output = text(20_000).optional();

/** Body of `POST /leases/:id/complete`. */
export const CompleteLeaseBody = z.strictObject({ result: JsonSchema.optional(), output });
/** Body of `POST /leases/:id/fail`. */
export const FailLeaseBody = z.strictObject({ reason: words(2_000), output });
/** Body of `POST /leases/:id/release`. */
export const ReleaseLeaseBody = z.strictObject({ reason: text(2_000).optional() });

/** Body of `POST /leases/:id/ask`. */
export const AskBody = z.strictObject({ question: words(10_000) });

/** An attempt at a task as users see it; never with its token. */
export const AttemptResponse = z.object({
  id: z.string(),
  task_id: z.string(),
  instance_id: z.string(),
  slot_no: z.int(),
  worker_id: z.string(),
  attempt: z.int(),
  started_at: z.string(),
  heartbeat_at: z.string(),
  expires_at: z.string().nullable(),
  progress_note: z.string().nullable(),
  progress_percent: z.int().nullable(),
  ended_at: z.string().nullable(),
  outcome: z.enum(LEASE_OUTCOMES).nullable(),
  reason: z.string().nullable(),
  output: z.string().nullable(),
});
export type AttemptResponse = z.infer<typeof AttemptResponse>;

/** A lease as its worker sees it. */
export const LeaseResponse = z.object({
  id: z.string(),
  attempt: z.int(),
  expires_at: z.string().nullable(),
  heartbeat_seconds: z.int(),
});
export type LeaseResponse = z.infer<typeof LeaseResponse>;

/** What a claim answers: the task and the right to work on it. */
export const ClaimResponse = z.object({ task: TaskResponse, lease: LeaseResponse.extend({ token: z.string() }) });
export type ClaimResponse = z.infer<typeof ClaimResponse>;

/** What a heartbeat answers; `answer` once a person has answered the worker's question. */
export const HeartbeatResponse = z.object({ lease: LeaseResponse, answer: z.string().nullable() });
export type HeartbeatResponse = z.infer<typeof HeartbeatResponse>;
