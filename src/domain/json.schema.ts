import { z } from 'zod';
import { type Json, type JsonObject, MAX_JSON_DEPTH, MAX_RESULT_BYTES } from './json.ts';
import { isStorable } from './text.schema.ts';

const ENCODER = new TextEncoder();

/** Any JSON that PostgreSQL can store; its size is checked apart, because a result that is too large has its own error. */
export const JsonSchema = z.unknown().transform((value, context): Json => {
  const problem = problemOf(value, 0);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  return value as Json;
});

/** A JSON object of at most 64 KB. */
export const JsonObjectSchema = z.record(z.string(), z.unknown()).transform((value, context): JsonObject => {
  const problem = problemOf(value, 0) ?? sizeProblem(value as JsonObject);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  return value as JsonObject;
});

/** True if the JSON text of a result is above the limit of 64 KB. */
export function isTooLarge(value: Json): boolean {
  return ENCODER.encode(JSON.stringify(value)).length > MAX_RESULT_BYTES;
}

function sizeProblem(value: Json): string | null {
  return isTooLarge(value) ? `must be at most ${String(MAX_RESULT_BYTES)} bytes of JSON` : null;
}

function problemOf(value: unknown, depth: number): string | null {
  if (depth > MAX_JSON_DEPTH) return `must be at most ${String(MAX_JSON_DEPTH)} levels deep`;
  switch (typeof value) {
    case 'string':
      return isStorable(value) ? null : 'must not contain a NUL character or half of a surrogate pair';
    case 'number':
      return Number.isFinite(value) ? null : 'must not contain a number out of range';
    case 'boolean':
      return null;
    case 'object':
      return value === null ? null : problemIn(value, depth);
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      return `must be JSON, not ${typeof value}`;
  }
}

function problemIn(value: object, depth: number): string | null {
  for (const [key, member] of Object.entries(value)) {
    const problem = isStorable(key) ? problemOf(member, depth + 1) : 'must not contain a NUL character in a key';
    if (problem !== null) return problem;
  }
  return null;
}
