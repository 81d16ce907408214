import { MAX_JSON_DEPTH, MAX_RESULT_BYTES } from './json.ts';

const UNSTORABLE = /[\0\p{Surrogate}]/u;
const UNSTORABLE_WORDS = 'must not contain a NUL character or half of a surrogate pair';

/** Why a value is no text that can be kept; for what arrives where no schema can be. */
export function textProblem(value: unknown, isNeeded: boolean, longest: number): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (isNeeded && value.trim() === '') return 'must not be empty';
  if (value.length > longest) return `must have at most ${String(longest)} characters`;
  return UNSTORABLE.test(value) ? UNSTORABLE_WORDS : null;
}

/** Why a value is no JSON that can be kept. */
export function jsonProblem(value: unknown): string | null {
  if (isTooDeep(value, MAX_JSON_DEPTH)) return `must be at most ${String(MAX_JSON_DEPTH)} levels deep`;
  const json = JSON.stringify(value);
  if (new TextEncoder().encode(json).length > MAX_RESULT_BYTES)
    return `must be at most ${String(MAX_RESULT_BYTES)} bytes of JSON`;
  const isStorable = !/\\u(0000|d[89a-f][\da-f]{2})/i.test(json.replaceAll('\\\\', ''));
  return isStorable ? null : UNSTORABLE_WORDS;
}

function isTooDeep(value: unknown, levels: number): boolean {
  if (levels < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => isTooDeep(member, levels - 1));
}
