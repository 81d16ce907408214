import { CHILD_SCOPE } from '../instance.ts';
import { JOINS, isDeepest } from '../parts/part.ts';
import { readParts } from '../parts/read-parts.ts';
import type { RoutingDecision } from '../routing-decision.ts';
import { isPromised } from './promised.ts';
import type { RoutingView } from './scope-behavior.ts';

const LEVELS = {
  global: ['delegate', 'reject', 'wait', 'escalate'],
  project: ['delegate', 'execute', 'queue', 'decompose', 'reject', 'wait', 'escalate'],
  orchestration: ['execute', 'queue', 'reject', 'escalate'],
} as const satisfies Record<RoutingView['instance']['scope'], readonly RoutingDecision['action'][]>;

/** Why an answer is none that a behaviour of this scope can give; null where it is one (rules G1, O1, R2, C1, J4 and F2). */
export function problemOfDecision(decision: unknown, view: RoutingView, partDepth = 0): string | null {
  if (isPromised(decision)) return 'it is a promise: a behaviour answers at once, without async';
  if (typeof decision !== 'object' || decision === null) return 'it is no decision';
  const { action, reason, strategy, candidates, targetId, create, parts, join } = decision as Record<string, unknown>;
  const { scope } = view.instance;
  const allowed: readonly unknown[] = LEVELS[scope];
  if (!allowed.includes(action)) return `action ${shown(action)} is not one of ${LEVELS[scope].join(', ')}`;
  if (typeof reason !== 'string' || reason.trim() === '') return 'it gives no reason';
  if (typeof strategy !== 'string' || strategy === '') return 'it names no strategy';
  if (!Array.isArray(candidates) || !candidates.every(isConsidered)) return 'its candidates are no list of candidates';
  if (action === 'decompose') return problemOfSplit(parts, join, partDepth);
  if (action !== 'delegate') return null;
  return create === undefined ? problemOfTarget(targetId, view) : problemOfCreation(create, view);
}

function problemOfTarget(targetId: unknown, { instance, candidates, explicit, ruled }: RoutingView): string | null {
  const mayBeNamed =
    explicit?.status === 'running' &&
    explicit.parentId === instance.id &&
    !explicit.hasRefused &&
    !explicit.hasPostponed;
  const known = [...candidates, ...(ruled?.candidates ?? []), ...(mayBeNamed ? [explicit] : [])];
  return known.some((each) => each.id === targetId) ? null : `target ${shown(targetId)} is none of the candidates`;
}

function problemOfCreation(create: unknown, { instance, liveChildren }: RoutingView): string | null {
  if (typeof create !== 'object' || create === null) return 'what it wants created is no instance';
  const { scope, name, capabilities } = create as Record<string, unknown>;
  const wanted = CHILD_SCOPE[instance.scope];
  if (scope !== wanted) return `it wants a ${shown(scope)} created below a ${instance.scope}`;
  if (typeof name !== 'string' || name.trim() === '') return 'the instance that it wants created has no name';
  const isList = Array.isArray(capabilities) && capabilities.every((each) => typeof each === 'string');
  if (!isList) return 'the capabilities of the instance that it wants created are no list of texts';
  return liveChildren === 0
    ? null
    : `it wants an instance created beside ${String(liveChildren)} that are there already`;
}

function problemOfSplit(parts: unknown, join: unknown, partDepth: number): string | null {
  if (isDeepest({ partDepth })) return `it splits a part at depth ${String(partDepth)}, which is the deepest`;
  if (!JOINS.some((each) => each === join)) return `join ${shown(join)} is not one of ${JOINS.join(', ')}`;
  const read = readParts(parts);
  return 'parts' in read ? null : read.problems.map(({ path, message }) => `${path} ${message}`).join(', ');
}

function isConsidered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { instanceId, name, score, chosen, why } = value as Record<string, unknown>;
  const texts = [instanceId, name, why];
  return texts.every((each) => typeof each === 'string') && Number.isFinite(score) && typeof chosen === 'boolean';
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : typeof value;
}
