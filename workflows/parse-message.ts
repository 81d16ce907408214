import type { Actor, Role } from '../src/domain/actor.ts';
import { ROLES } from '../src/domain/actor.ts';
import { MAX_JSON_DEPTH, MAX_RESULT_BYTES } from '../src/domain/json.ts';
import type { By } from './messages.ts';

const UNSTORABLE = /[\0\p{Surrogate}]/u;
const MAX_TEXT = 10_000;

/** What a message must have: for each field whether it is needed and of which type. */
export type Shape = Readonly<Record<string, 'text' | 'text?' | 'flag?' | 'json?' | 'by' | 'type?'>>;

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
  }
}

function textProblem(value: unknown, isNeeded: boolean): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (isNeeded && value.trim() === '') return 'must not be empty';
  if (value.length > MAX_TEXT) return `must have at most ${String(MAX_TEXT)} characters`;
  return UNSTORABLE.test(value) ? 'must not contain a NUL character or half of a surrogate pair' : null;
}

/** Why a value cannot be a result; null: it can. */
export function jsonProblem(value: unknown): string | null {
  if (isTooDeep(value, MAX_JSON_DEPTH)) return `must be at most ${String(MAX_JSON_DEPTH)} levels deep`;
  const json = JSON.stringify(value);
  if (new TextEncoder().encode(json).length > MAX_RESULT_BYTES)
    return `must be at most ${String(MAX_RESULT_BYTES)} bytes of JSON`;
  const isStorable = !/\\u(0000|d[89a-f][\da-f]{2})/i.test(json.replaceAll('\\\\', ''));
  return isStorable ? null : 'must not contain a NUL character or half of a surrogate pair';
}

function isTooDeep(value: unknown, levels: number): boolean {
  if (levels < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => isTooDeep(member, levels - 1));
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
