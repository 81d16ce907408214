import { DomainError } from '../domain/errors.ts';
import { type Json, MAX_RESULT_BYTES } from '../domain/json.ts';
import { isTooLarge } from '../domain/json.schema.ts';

/** A result, unless it is above the limit, which has its own answer (413). */
export function withinLimit(result: Json): Json {
  if (!isTooLarge(result)) return result;
  throw new DomainError('result_too_large', `a result has at most ${String(MAX_RESULT_BYTES)} bytes of JSON`, {
    problems: [{ path: 'result', message: 'is too large' }],
  });
}
