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

/** The result of a task that was split: how each part ended, with its result as long as there is room (rule J2). */
export function collectResults(ends: readonly PartEnd[]): JsonObject {
  const lines = ends.map(({ key, taskId, status }): JsonObject => ({ key, task_id: taskId, status }));
  let room = MOST_BYTES - bytesOf(lines);
  const parts = ends.map((end, index): JsonObject => {
    const line = lines[index] ?? {};
    const more = { ...line, ...outcomeOf(end) };
    const cost = bytesOf(more) - bytesOf(line);
    if (cost > room) return { ...line, left_out: true };
    room -= cost;
    return more;
  });
  return { parts };
}

function outcomeOf({ status, result, reason }: PartEnd): JsonObject {
  if (status === 'completed') return { result };
  return reason === null ? {} : { reason };
}

function bytesOf(value: Json): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
