import type { Json } from '../json.ts';
import { type ReadParts, readParts } from './read-parts.ts';

/** The parts that `metadata.subtasks` names, in the words of the API; null where it names none (rule J5). */
export function partsOfSubtasks(subtasks: Json | undefined): ReadParts | null {
  if (!Array.isArray(subtasks) || subtasks.length === 0) return null;
  const read = readParts(subtasks.map(inOurWords));
  if ('parts' in read) return read;
  return { problems: read.problems.map((each) => ({ ...each, path: each.path.replace(/^parts/, 'subtasks') })) };
}

function inOurWords(subtask: Json): Json {
  if (typeof subtask !== 'object' || subtask === null || Array.isArray(subtask)) return subtask;
  const entries = Object.entries(subtask).map(([key, value]: [string, Json]) => [
    key === 'estimated_duration' ? 'estimatedDuration' : key,
    value,
  ]);
  return Object.fromEntries(entries) as Json;
}
