import type { Actor, Role } from '../src/domain/actor.ts';
import { ROLES } from '../src/domain/actor.ts';
import { JOINS } from '../src/domain/parts/part.ts';
import { readParts } from '../src/domain/parts/read-parts.ts';
import { jsonProblem, textProblem as problemOfText } from '../src/domain/plain-problems.ts';
import type { By } from './messages.ts';

const MAX_TEXT = 10_000;

/** What a message must have: for each field whether it is needed and of which type. */
export type Shape = Readonly<Record<string, 'text' | 'text?' | 'flag?' | 'json?' | 'by' | 'type?' | 'parts' | 'join?'>>;

/** Every way in which a message is malformed; nothing about what it refers to (law 1). */
export function problemsOf(message: unknown, shape: Shape): readonly string[] {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return ['must be an object'];
  const fields = new Map<string, unknown>(Object.entries(message));
  const unknown = [...fields.keys()].filter((key) => !Object.hasOwn(shape, key)).map((key) => `${key}: is not known`);
  const wrong = Object.entries(shape).flatMap(([key, kind]) => {
    const problem = problemOf(fields.get(key), kind);
    return problem === null ? [] : [`${key}: ${problem}`];
  });
  return [...unknown, ...wrong];
}

/** The actor that a well-formed message names; a bare name is an operator's. */
export function actorOf(by: By): Actor {
  if (typeof by === 'string') return { name: by, role: 'operator', subtree: null };
  const role = ROLES.find((each): each is Role => each === by.role) ?? 'operator';
  return { name: by.name, role, subtree: by.subtree ?? null };
}

function problemOf(value: unknown, kind: Shape[string]): string | null {
  if (value === undefined || (value === null && kind !== 'json?')) return kind.endsWith('?') ? null : 'is missing';
  switch (kind) {
    case 'text':
    case 'text?':
      return textProblem(value, kind === 'text');
    case 'flag?':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'json?':
      return jsonProblem(value);
    case 'by':
      return byProblem(value);
    case 'type?':
      return value === 'route' || value === 'reassign' ? null : 'must be route or reassign';
    case 'join?':
      return JOINS.some((each) => each === value) ? null : `must be one of ${JOINS.join(', ')}`;
    case 'parts':
      return partsProblem(value);
  }
}

function partsProblem(value: unknown): string | null {
  const read = readParts(value);
  return 'parts' in read ? null : read.problems.map(({ path, message }) => `${path} ${message}`).join('; ');
}

function textProblem(value: unknown, isNeeded: boolean): string | null {
  return problemOfText(value, isNeeded, MAX_TEXT);
}

function byProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return textProblem(value, true);
  const { name, role, subtree, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `${unknown} is not known`;
  if (role !== undefined && !ROLES.some((each) => each === role)) return `role must be one of ${ROLES.join(', ')}`;
  const subtreeProblem = subtree === undefined || subtree === null ? null : textProblem(subtree, false);
  return subtreeProblem === null ? textProblem(name, true) : `subtree ${subtreeProblem}`;
}
