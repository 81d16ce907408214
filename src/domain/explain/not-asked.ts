import type { ChainLink } from '../chain.ts';
import { standingOf } from '../exclusions.ts';
import type { Exclusion } from '../task.ts';
import type { NotAsked } from './explanation.ts';
import type { ExplainFacts } from './facts.ts';
import { clockOf, countOf, reasoned } from './phrases.ts';

/** Who is not asked for this task, for good or for a while, and what they said. */
export function whoIsNotAsked(facts: ExplainFacts): readonly NotAsked[] {
  const { task, now, patience } = facts;
  const { excluded, postponed } = standingOf(task.exclusions, now, patience);
  const forGood = excluded.map((id): NotAsked => ({
    instance: named(facts, id),
    why: whyNever(facts, id),
    until: null,
  }));
  const later = postponed.map(({ instanceId, until }): NotAsked => {
    const why = `asked to be asked again later (${clockOf(until, now)})${saidBy(lastRefusal(facts, instanceId))}`;
    return { instance: named(facts, instanceId), why, until };
  });
  return [...forGood, ...later, ...whoStopped(facts)];
}

/** A stop excludes nobody: who has it behind them and runs again is asked like any other (rule I4). */
function whoStopped(facts: ExplainFacts): readonly NotAsked[] {
  const left = facts.task.exclusions.filter((each) => each.why === 'stopped').map((each) => each.instanceId);
  return [...new Set(left)].flatMap((id): NotAsked[] => {
    const status = facts.instances.get(id)?.status;
    if (status === undefined || status === 'running') return [];
    return [{ instance: named(facts, id), why: `had it when it stopped, and is ${status}`, until: null }];
  });
}

type Lasting = Exclude<Exclusion['why'], 'postponed' | 'stopped'>;

const WHY = {
  refused: 'refused it',
  expired: 'let its offer run out',
  escalated: 'gave it back',
} as const satisfies Record<Lasting, string>;

function whyNever(facts: ExplainFacts, id: string): string {
  const mine = facts.task.exclusions.filter((each) => each.instanceId === id);
  const firm = mine.map((each) => each.why).find((why) => why !== 'postponed' && why !== 'stopped');
  if (firm === undefined) {
    const times = mine.filter((each) => each.why === 'postponed').length;
    return `asked to be asked again later ${countOf(times, 'time')}, as often as it may`;
  }
  if (firm === 'expired') return WHY.expired;
  return `${WHY[firm]}${saidBy(firm === 'refused' ? lastRefusal(facts, id) : lastGivenBack(facts, id))}`;
}

function lastRefusal({ chain }: ExplainFacts, id: string): ChainLink | undefined {
  return chain.findLast((hop) => hop.targetInstanceId === id && hop.status === 'rejected');
}

function lastGivenBack({ chain }: ExplainFacts, id: string): ChainLink | undefined {
  return chain.findLast((hop) => hop.sourceInstanceId === id && hop.delegationType === 'escalate');
}

function saidBy(hop: ChainLink | undefined): string {
  if (hop === undefined) return '';
  const by = hop.decidedBy === null ? '' : ` (${hop.decidedBy})`;
  return `${hop.notes === null ? '' : `: “${reasoned(hop.notes)}”`}${by}`;
}

function named({ instances }: ExplainFacts, id: string): NotAsked['instance'] {
  return { id, name: instances.get(id)?.name ?? id };
}
