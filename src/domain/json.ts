export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The largest result of a task, in bytes of its JSON text. */
export const MAX_RESULT_BYTES = 65_536;

/** How deep JSON may be nested. */
export const MAX_JSON_DEPTH = 64;

/** True if both values mean the same JSON; the order of keys does not matter. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  if (Array.isArray(a) !== Array.isArray(b) || left.length !== right.length) return false;
  const others = new Map<string, Json>(right);
  return left.every(([key, value]) => others.has(key) && isSameJson(value, others.get(key)));
}
