import { readParts } from '../parts/read-parts.ts';
import type { Considered, RoutingDecision } from '../routing-decision.ts';
import { shortText } from './short-text.ts';

const LONGEST_REASON = 1_000;
const LONGEST_STRATEGY = 100;
const LONGEST_NAME = 150;
const LONGEST_LIST = 50;

/** A decision with nothing in it but what goes on record, each text and list within its limit (rule F2). */
export function cleanDecision(decision: RoutingDecision): RoutingDecision {
  const reasoned = {
    reason: shortText(decision.reason, LONGEST_REASON),
    strategy: shortText(decision.strategy, LONGEST_STRATEGY),
    candidates: decision.candidates.slice(0, LONGEST_LIST).map(cleanCandidate),
  };
  if (decision.action === 'decompose') return splitOf(decision, reasoned);
  if (decision.action !== 'delegate') return { action: decision.action, ...reasoned };
  if ('targetId' in decision) return { action: 'delegate', targetId: decision.targetId, ...reasoned };
  const { scope, name, capabilities } = decision.create;
  const labels = capabilities.slice(0, LONGEST_LIST).map((label) => shortText(label, LONGEST_STRATEGY));
  return {
    action: 'delegate',
    create: { scope, name: shortText(name, LONGEST_NAME), capabilities: labels },
    ...reasoned,
  };
}

/** Reads the parts as everybody's are read, and thereby leaves out what is no part's. */
function splitOf(
  { action, parts, join }: Extract<RoutingDecision, { action: 'decompose' }>,
  reasoned: Pick<RoutingDecision, 'reason' | 'strategy' | 'candidates'>,
): RoutingDecision {
  const read = readParts(parts);
  return { action, parts: 'parts' in read ? read.parts : parts, join, ...reasoned };
}

function cleanCandidate({ instanceId, name, score, chosen, why }: Considered): Considered {
  return {
    instanceId: shortText(instanceId, LONGEST_STRATEGY),
    name: shortText(name, 2 * LONGEST_STRATEGY),
    score,
    chosen,
    why: shortText(why, LONGEST_REASON),
  };
}
