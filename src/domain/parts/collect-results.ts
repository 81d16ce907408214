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
 * The result of a task that was split: how each part ended, with its result as long as there is room (rule J2). Keys that
 * are too long for all of them to have room are left out; the ids tell, too.
 */
export function collectResults(ends: readonly PartEnd[]): JsonObject {
  const isNamed = bytesOf(ends.map((end) => withheld(namedLine(end)))) <= MOST_BYTES;
  const lineOf = isNamed ? namedLine : namelessLine;
  let room = MOST_BYTES - bytesOf(ends.map((end) => withheld(lineOf(end))));
  const parts = ends.map((end): JsonObject => {
    const line = lineOf(end);
    const more = { ...line, ...outcomeOf(end) };
    const cost = bytesOf(more) - bytesOf(withheld(line));
    if (cost > room) return withheld(line);
    room -= cost;
    return more;
  });
  return { parts };
}

function namedLine({ key, taskId, status }: PartEnd): JsonObject {
  return { key, task_id: taskId, status };
}

function namelessLine({ taskId, status }: PartEnd): JsonObject {
  return { task_id: taskId, status };
}

/** What is said of a part in any case. */
function withheld(line: JsonObject): JsonObject {
  return { ...line, left_out: true };
}

function outcomeOf({ status, result, reason }: PartEnd): JsonObject {
  if (status === 'completed') return { result };
  return reason === null ? {} : { reason };
}

function bytesOf(value: Json): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
