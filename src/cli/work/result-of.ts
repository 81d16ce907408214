import { type Json, MAX_RESULT_BYTES } from '../../domain/json.ts';
import { isTooLarge, JsonSchema } from '../../domain/json.schema.ts';
import { storableText } from './storable-text.ts';

/** More than this is no result, however much of it is white space. */
export const LONGEST_OUTPUT_BYTES = 1_048_576;

/** What the standard output of a COMMAND means as the result of its task. */
export type ResultRead =
  { readonly kind: 'result'; readonly result: Json } | { readonly kind: 'unusable'; readonly reason: string };

/** JSON if it is JSON, else its text; nothing at all is null. `bytes` is null if there were too many to keep. */
export function resultOf(bytes: Buffer | null, length: number): ResultRead {
  if (bytes === null) return tooLarge(length);
  const text = storableText(bytes);
  if (text.trim() === '') return { kind: 'result', result: null };
  const read = asJson(text) ?? { kind: 'result', result: text.replace(/(\r?\n)+$/, '') };
  return read.kind === 'result' && isTooLarge(read.result) ? tooLarge(length) : read;
}

/** null: it is no JSON. JSON that cannot be kept is said to be so, rather than kept as something else. */
function asJson(text: string): ResultRead | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const checked = JsonSchema.safeParse(value);
  if (checked.success) return { kind: 'result', result: checked.data };
  const complaints = checked.error.issues.map(({ message }) => message).join('; ');
  return { kind: 'unusable', reason: `the JSON on its standard output ${complaints}` };
}

function tooLarge(length: number): ResultRead {
  const limit = `a result has at most ${String(MAX_RESULT_BYTES)} bytes of JSON`;
  return { kind: 'unusable', reason: `it wrote ${String(length)} bytes to its standard output: ${limit}` };
}
