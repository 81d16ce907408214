import type { z } from 'zod';
import type { Complaint } from './yaml-file.ts';

/** A zod error as complaints: one for each unknown key, so that each has its own line. */
export function complaintsOf(error: z.ZodError): readonly Complaint[] {
  return error.issues.flatMap((issue): Complaint[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such key' }));
  });
}
