import { z } from 'zod';

/** An error over HTTP (RFC 9457): `code` is for programs, `detail` for people, `errors` names every wrong field. */
export const ProblemResponse = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type ProblemResponse = z.infer<typeof ProblemResponse>;
