import type { z } from 'zod';
import type { Json, JsonObject } from '../../domain/json.ts';

type JsonOut = z.infer<ReturnType<typeof z.json>>;

/** The domain's JSON is read-only, zod's is not; an answer is only ever written out. */
export function json(value: Json): JsonOut {
  return value as JsonOut;
}

export function jsonObject(value: JsonObject): Record<string, JsonOut> {
  return value as Record<string, JsonOut>;
}
