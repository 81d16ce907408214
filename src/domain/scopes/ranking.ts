import type { Considered } from '../routing-decision.ts';
import type { Candidate, RoutingView, TargetChoice } from './scope-behavior.ts';

/** Tags and capabilities match whatever their case and the spaces around them (rule R5). */
export function normalizeLabel(label: string): string {
  return label.trim().toLowerCase();
}

/** The tags of a task that a candidate is capable of, in the task's order. */
export function matchingTags(tags: readonly string[], candidate: Candidate): readonly string[] {
  const capabilities = new Set(candidate.capabilities.map(normalizeLabel));
  return [...new Set(tags.map(normalizeLabel))].filter((tag) => capabilities.has(tag));
}

/** Most matching tags first; ties: less busy, then longest without an offer, then id (rule R6). */
export function byTags(tags: readonly string[], candidates: readonly Candidate[]): TargetChoice | null {
  const scoreOf = (candidate: Candidate): number => matchingTags(tags, candidate).length;
  const [best] = candidates.toSorted((a, b) => scoreOf(b) - scoreOf(a) || byLeastBusyOrder(a, b));
  if (best === undefined || scoreOf(best) === 0) return null;
  const matched = matchingTags(tags, best);
  const all = new Set(tags.map(normalizeLabel)).size;
  const reason = `${String(matched.length)} of ${String(all)} tags match: ${matched.join(', ')}`;
  return { target: best, strategy: 'tags', reason, scoreOf };
}

/** Best fitting words first; ties as for tags (rule K1). */
export function byKeywords(candidates: readonly Candidate[]): TargetChoice | null {
  const scoreOf = (candidate: Candidate): number => candidate.keywordScore;
  const [best] = candidates.toSorted((a, b) => scoreOf(b) - scoreOf(a) || byLeastBusyOrder(a, b));
  if (best === undefined || scoreOf(best) === 0) return null;
  const reason = `${best.matchedWords.length === 1 ? 'word matches' : 'words match'}: ${best.matchedWords.join(', ')}`;
  return { target: best, strategy: 'keywords', reason, scoreOf };
}

/** Fewest open tasks and offers first. */
export function leastBusy(candidates: readonly Candidate[]): TargetChoice | null {
  const [best] = candidates.toSorted(byLeastBusyOrder);
  if (best === undefined) return null;
  const reason = `least busy: ${String(best.busy)} open`;
  return { target: best, strategy: 'least_busy', reason, scoreOf: (candidate) => -candidate.busy };
}

/** Longest without an offer first, so that every candidate has its turn. */
export function roundRobin(candidates: readonly Candidate[]): TargetChoice | null {
  const [best] = candidates.toSorted((a, b) => byOfferTime(a, b) || byId(a, b));
  if (best === undefined) return null;
  const reason =
    best.lastOfferAt === null ? 'round robin: never had an offer' : 'round robin: longest without an offer';
  return { target: best, strategy: 'round_robin', reason, scoreOf: () => 0 };
}

/** How many of those that were looked at go on record. */
const LONGEST_RECORD = 50;

/**
 * Those that were looked at as they go on record, the best first, with the words why each was or was not chosen; then
 * the children that are not asked, and why (rule R1).
 */
export function considered(
  { candidates, passedOver }: Pick<RoutingView, 'candidates' | 'passedOver'>,
  choice: TargetChoice | null,
): readonly Considered[] {
  const scoreOf = choice?.scoreOf ?? (() => 0);
  const best = candidates.toSorted(
    (a, b) =>
      Number(isChosen(b, choice)) - Number(isChosen(a, choice)) || scoreOf(b) - scoreOf(a) || byLeastBusyOrder(a, b),
  );
  const asked = best.slice(0, LONGEST_RECORD).map((candidate): Considered => {
    const chosen = isChosen(candidate, choice);
    const why = wordsFor(candidate, choice, chosen);
    return { instanceId: candidate.id, name: candidate.name, score: scoreOf(candidate), chosen, why };
  });
  const others = passedOver
    .slice(0, LONGEST_RECORD - asked.length)
    .map(({ id, name, why }): Considered => ({ instanceId: id, name, score: 0, chosen: false, why }));
  return [...asked, ...others];
}

function isChosen(candidate: Candidate, choice: TargetChoice | null): boolean {
  return candidate.id === choice?.target.id;
}

function wordsFor(candidate: Candidate, choice: TargetChoice | null, chosen: boolean): string {
  if (choice === null) return 'not needed';
  if (chosen) return choice.reason;
  const [mine, best] = [choice.scoreOf(candidate), choice.scoreOf(choice.target)];
  if (choice.strategy === 'tags' && mine === 0) return 'no tag matches';
  if (choice.strategy === 'keywords' && mine < best) return keywordWords(candidate);
  if (mine < best)
    return choice.strategy === 'tags'
      ? `${String(mine)} ${mine === 1 ? 'tag matches' : 'tags match'}`
      : `${String(candidate.busy)} open`;
  return choice.strategy === 'round_robin'
    ? 'had an offer more recently'
    : 'as good, but busier or offered more recently';
}

function keywordWords({ matchedWords }: Candidate): string {
  return matchedWords.length === 0 ? 'no word matches' : `fits less well: ${matchedWords.join(', ')}`;
}

function byLeastBusyOrder(a: Candidate, b: Candidate): number {
  return a.busy - b.busy || byOfferTime(a, b) || byId(a, b);
}

function byOfferTime(a: Candidate, b: Candidate): number {
  return (a.lastOfferAt ?? 0) - (b.lastOfferAt ?? 0);
}

function byId(a: Candidate, b: Candidate): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
