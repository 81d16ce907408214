import { z } from 'zod';
import { ProblemResponse } from '../domain/problem.schema.ts';

/** The id in a path; anything else names nothing, so it is absent (404), not malformed. */
export const PathId = z.object({ id: z.uuid().toLowerCase() });

/** Headers of a request that changes something. */
export const MutationHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'must have 1 to 200 visible ASCII characters')
    .optional()
    .describe('Makes a repeat of this request safe'),
});

/** Headers of a request about a lease; the token never stands in an address, where it would be logged. */
export const LeaseHeaders = z.looseObject({
  'hopper-lease-token': z.string().max(200).optional().describe('The token that came with the lease'),
});

/** A body that may be left out altogether. */
export function optionalBody<Schema extends z.ZodType>(schema: Schema): z.ZodPreprocess<Schema> {
  return z.preprocess((value) => value ?? {}, schema);
}

/** No fields are known: an empty object, or no body. */
export const NoBody = optionalBody(z.strictObject({}));

/** The answers that any route may give besides its own. */
export const PROBLEMS = { '4xx': ProblemResponse, '5xx': ProblemResponse };
