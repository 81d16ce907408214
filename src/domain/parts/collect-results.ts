import type { Json, JsonObject } from '../json.ts';
import type { TaskStatus } from '../task.ts';

/** How one part ended. */
export interface PartEnd {
  readonly taskId: string;
  readonly key: string;
  readonly status: TaskStatus;
  readonly result: Json;
  readonly reason: string | null;
}

/** Leaves room for what stands around it in a result of at most 64 KB. */
const MOST_BYTES = 60_000;

/**
 * The result of a task that was split: how each part ended, with its result as long as there is room (rule J2). Whatever
 * is left out stands in the parts themselves.
 */
export function collectResults(ends: readonly PartEnd[]): JsonObject {
  const lines = linesThatFit(ends);
  let room = MOST_BYTES - lines.reduce((sum, { short }) => sum + bytesOf(short), 0);
  const parts = lines.map(({ short, full }): JsonObject => {
    const cost = bytesOf(full) - bytesOf(short);
    if (cost > room) return short;
    room -= cost;
    return full;
  });
  return parts.length === ends.length ? { parts } : { parts, parts_left_out: ends.length - parts.length };
}

function linesThatFit(ends: readonly PartEnd[]) {
  let room = MOST_BYTES;
  return ends
    .map((end) => ({ short: { ...lineOf(end), left_out: true }, full: { ...lineOf(end), ...outcomeOf(end) } }))
    .filter(({ short }) => {
      room -= bytesOf(short);
      return room >= 0;
    });
}

function lineOf({ key, taskId, status }: PartEnd): JsonObject {
  return { key, task_id: taskId, status };
}

function outcomeOf({ status, result, reason }: PartEnd): JsonObject {
  if (status === 'completed') return { result };
  return reason === null ? {} : { reason };
}

function bytesOf(value: Json): number {
  return new TextEncoder().encode(`${JSON.stringify(value)},`).length;
}
