import type { Json } from '../json.ts';
import { type ReadParts, readParts } from './read-parts.ts';

/** The one field that the API spells otherwise. */
const [OURS, THEIRS] = ['estimatedDuration', 'estimated_duration'];

/** The parts that `metadata.subtasks` names, in the words of the API; null where it names none (rule J5). */
export function partsOfSubtasks(subtasks: Json | undefined): ReadParts | null {
  if (!Array.isArray(subtasks) || subtasks.length === 0) return null;
  const read = readParts(subtasks.map(inOurWords));
  if ('parts' in read) return read;
  return { problems: read.problems.map(({ path, message }) => ({ path: inTheirWords(path), message })) };
}

function inOurWords(subtask: Json): Json {
  if (typeof subtask !== 'object' || subtask === null || Array.isArray(subtask)) return subtask;
  return Object.fromEntries(Object.entries(subtask).map(([key, value]) => [swapped(key), value]));
}

function inTheirWords(path: string): string {
  const [part = '', field] = path.split(/\.(.*)/s);
  const ofList = part.replace(/^parts/, 'subtasks');
  return field === undefined ? ofList : `${ofList}.${swapped(field)}`;
}

/** Both ways, so that a field in our words is as unknown as it is in the API. */
function swapped(field: string): string {
  if (field === THEIRS) return OURS;
  return field === OURS ? THEIRS : field;
}
