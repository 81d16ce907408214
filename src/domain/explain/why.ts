import type { ChainLink } from '../chain.ts';
import type { DelegationType } from '../delegation.ts';
import type { StepAction, WayStep } from './explanation.ts';
import type { DecisionWithHop, ExplainFacts } from './facts.ts';
import { refTo } from './where.ts';

/** Every step of the way, in order: the decisions on record, and what people decided without one. */
export function whyThere(facts: ExplainFacts): readonly WayStep[] {
  const first = facts.decisionsLeftOut === 0 ? undefined : facts.decisions[0]?.decidedAt;
  const byHand = facts.chain
    .filter((hop) => !isDecided(facts, hop) && (first === undefined || hop.delegatedAt >= first))
    .map((hop) => stepByHand(facts, hop));
  const decided = facts.decisions.map((decision) => decidedStep(facts, decision));
  return [...decided, ...byHand].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** A behaviour's hand-over has its decision's reason; its giving back is a hop that is as old as its decision. */
function isDecided({ decisions }: ExplainFacts, { reason, delegationType, delegatedAt }: ChainLink): boolean {
  if (reason !== null) return true;
  return (
    delegationType === 'escalate' &&
    decisions.some((each) => each.action === 'escalate' && each.decidedAt.getTime() === delegatedAt.getTime())
  );
}

function decidedStep(facts: ExplainFacts, decision: DecisionWithHop): WayStep {
  const { hop, step, decidedAt, instanceId, action, targetInstanceId, reason, strategy, policyHash } = decision;
  const { candidates, candidatesLeftOut } = decision;
  const link = facts.chain.find((each) => each.hop === hop);
  return {
    hop,
    step,
    at: decidedAt,
    instance: refTo(facts, instanceId),
    action,
    target: targetInstanceId === null ? null : refTo(facts, targetInstanceId),
    reason,
    strategy,
    policyHash,
    candidates,
    candidatesLeftOut,
    outcome: link === undefined ? null : outcomeOf(link),
  };
}

const BY_HAND = {
  route: { action: 'reassign', verb: 'handed over' },
  reassign: { action: 'reassign', verb: 'handed over' },
  escalate: { action: 'escalate', verb: 'given back' },
  decompose: { action: 'decompose', verb: 'split' },
} as const satisfies Record<DelegationType, { action: StepAction; verb: string }>;

function stepByHand(facts: ExplainFacts, link: ChainLink): WayStep {
  const { action, verb } = BY_HAND[link.delegationType];
  const move = facts.moves.find((each) => each.at.getTime() === link.delegatedAt.getTime());
  const words = [`${verb}${move === undefined ? '' : ` by ${move.by}`}`, move?.reason ?? null];
  return {
    hop: link.hop,
    step: null,
    at: link.delegatedAt,
    instance: link.sourceInstance,
    action,
    target: link.targetInstance,
    reason: words.filter((each) => each !== null).join(': '),
    strategy: 'by_hand',
    policyHash: null,
    candidates: [],
    candidatesLeftOut: 0,
    outcome: outcomeOf(link),
  };
}

function outcomeOf({ status, decidedBy, notes }: ChainLink): WayStep['outcome'] {
  return { status, by: decidedBy, notes };
}
