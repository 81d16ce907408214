import type { ZodType } from 'zod';

/** Every problem that a schema finds, as `path: message`; none if it takes the value. */
export function problemsOf(schema: ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}
