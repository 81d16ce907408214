import { z } from 'zod';

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Text that PostgreSQL can store: no NUL character, no half of a surrogate pair. */
export function text(max: number): z.ZodString {
  return z
    .string()
    .max(max, `must have at most ${String(max)} characters`)
    .refine((value) => !UNSTORABLE.test(value), 'must not contain a NUL character or half of a surrogate pair');
}

/** As `text`, and with something other than white space in it. */
export function words(max: number): z.ZodString {
  return text(max).refine((value) => value.trim().length > 0, 'must not be empty');
}

/** True if a key or value anywhere in a JSON text cannot be stored. */
export function isStorable(value: string): boolean {
  return !UNSTORABLE.test(value);
}
