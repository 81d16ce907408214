import { type CelInput, celList, celMap } from '@bufbuild/cel';
import type { Json } from '../domain/json.ts';
import { normalizeLabel } from '../domain/scopes/ranking.ts';
import type { TaskToRoute } from '../domain/scopes/scope-behavior.ts';

/** What an expression may speak of, and what type it has. */
export const VARIABLES = {
  tags: 'list<string>',
  priority: 'string',
  title: 'string',
  description: 'string',
  text: 'string',
  metadata: 'map',
  requester: 'string',
  estimated_duration: 'int',
} as const;

/** A task as expressions see it; what is absent is empty, so that no rule fails for want of it. */
export function variablesOf(task: TaskToRoute): Record<keyof typeof VARIABLES, CelInput> {
  const description = task.description ?? '';
  return {
    tags: celList(task.tags.map(normalizeLabel)),
    priority: task.priority,
    title: task.title,
    description,
    text: `${task.title}\n${description}`,
    metadata: toCel(task.metadata),
    requester: task.requester ?? '',
    estimated_duration: BigInt(task.estimatedDuration ?? 0),
  };
}

/** JSON has one kind of number; a whole one is an int here, so that it can be compared and counted with. */
function toCel(value: Json): CelInput {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return celList(value.map(toCel));
  return celMap(new Map(Object.entries(value).map(([key, member]) => [key, toCel(member)])));
}
