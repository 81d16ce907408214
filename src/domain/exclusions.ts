import type { Exclusion, SoftExclusion } from './task.ts';

/** Who is not asked now: for good, or until a time. */
export interface Standing {
  readonly excluded: readonly string[];
  readonly postponed: readonly Postponed[];
}

export interface Postponed {
  readonly instanceId: string;
  readonly until: Date;
  /** How often it has postponed this task. */
  readonly times: number;
}

/** How long a retryable refusal counts, and how many of them one target has. */
export interface Patience {
  readonly retry_after_seconds: number;
  readonly max_retryable_refusals: number;
}

/**
 * What the exclusions of a task come to at a time: a refusal excludes for good, a retryable one until
 * `retry_after_seconds` have passed, and for good once there are `max_retryable_refusals` of it (rules R3 and R8). One
 * that was left because it stopped may be asked when it runs again (rule I4).
 */
export function standingOf(exclusions: readonly Exclusion[], now: Date, patience: Patience): Standing {
  const lasting = exclusions.filter((each) => each.why !== 'postponed' && each.why !== 'stopped');
  const firm = new Set(lasting.map((each) => each.instanceId));
  const soft = exclusions.filter(
    (each): each is SoftExclusion => each.why === 'postponed' && !firm.has(each.instanceId),
  );
  const postponed: Postponed[] = [];
  for (const instanceId of new Set(soft.map((each) => each.instanceId))) {
    const refusals = soft.filter((each) => each.instanceId === instanceId);
    const times = refusals.length;
    const until = new Date(lastOf(refusals) + patience.retry_after_seconds * 1_000);
    if (times >= patience.max_retryable_refusals) firm.add(instanceId);
    else if (until > now) postponed.push({ instanceId, until, times });
  }
  return { excluded: [...firm], postponed };
}

/** When the first of the postponed may be asked again; null if nobody is postponed. */
export function nextTry(postponed: readonly Postponed[]): Date | null {
  return postponed.reduce<Date | null>((first, { until }) => (first === null || until < first ? until : first), null);
}

function lastOf(refusals: readonly SoftExclusion[]): number {
  return Math.max(...refusals.map((each) => Date.parse(each.at)));
}
