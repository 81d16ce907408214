import { z } from 'zod';
import { text } from './text.schema.ts';

const LONGEST_POLICY = 262_144;

/** Body of `POST /policy`: the content of a policy file. */
export const PolicyPublish = z.strictObject({ text: text(LONGEST_POLICY) });
export type PolicyPublish = z.infer<typeof PolicyPublish>;

const kept = { hash: z.string(), text: z.string(), policy: z.record(z.string(), z.unknown()) };

/** The policy in force; `refused` is there while a newer one was refused. */
export const PolicyResponse = z.object({
  ...kept,
  published_at: z.string(),
  published_by: z.string(),
  refused: z.object({ at: z.string(), by: z.string(), problem: z.string() }).nullable(),
});
export type PolicyResponse = z.infer<typeof PolicyResponse>;

/** A policy that is or was in force. */
export const KeptPolicyResponse = z.object({ ...kept, first_published_at: z.string() });
export type KeptPolicyResponse = z.infer<typeof KeptPolicyResponse>;

/** What a publication came to; `changed` is false for what was in force already, and for a repeat. */
export const PolicyPublishedResponse = z.object({
  hash: z.string(),
  previous_hash: z.string().nullable(),
  changed: z.boolean(),
});
export type PolicyPublishedResponse = z.infer<typeof PolicyPublishedResponse>;
