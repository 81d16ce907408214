import type { Policy } from './policy.schema.ts';
import type { Scope } from './instance.ts';
import type { JsonObject } from './json.ts';

/** The rules of work at an instance. */
export interface WorkPolicy {
  readonly maxConcurrentTasks: number;
  readonly retryOnFailure: boolean;
  readonly maxRetries: number;
  readonly maxTotalAttempts: number;
  readonly retryDelaySeconds: number;
  readonly onExhausted: 'escalate' | 'fail';
  readonly workerTimeoutSeconds: number;
  /** What becomes of a task whose due time passes here. */
  readonly onDueMissed: 'none' | 'escalate' | 'cancel';
}

const NO_WORK: WorkPolicy = {
  maxConcurrentTasks: 0,
  retryOnFailure: false,
  maxRetries: 0,
  maxTotalAttempts: 1,
  retryDelaySeconds: 1,
  onExhausted: 'fail',
  workerTimeoutSeconds: 300,
  onDueMissed: 'none',
};

/** The rules of work of a scope; a Global does none, but tasks wait there too. */
export function workPolicyOf(policy: Policy, scope: Scope): WorkPolicy {
  if (scope === 'global') return { ...NO_WORK, onDueMissed: policy.global.on_due_missed };
  const section = policy[scope];
  return {
    maxConcurrentTasks: section.max_concurrent_tasks,
    retryOnFailure: section.retry_on_failure,
    maxRetries: section.max_retries,
    maxTotalAttempts: section.max_total_attempts,
    retryDelaySeconds: section.retry_delay_seconds,
    onExhausted: section.on_exhausted,
    workerTimeoutSeconds: section.worker_timeout_seconds,
    onDueMissed: section.on_due_missed,
  };
}

const LONGEST_TIMEOUT = 31_536_000;

/** How long a worker may be silent: what the task says in `metadata.worker_timeout_seconds`, else the policy (rule W5). */
export function timeoutOf(metadata: JsonObject, { workerTimeoutSeconds }: WorkPolicy): number {
  const own = metadata['worker_timeout_seconds'];
  const isUsable = typeof own === 'number' && Number.isInteger(own) && own > 0 && own <= LONGEST_TIMEOUT;
  return isUsable ? own : workerTimeoutSeconds;
}

const LONGEST_DELAY_SECONDS = 3_600;

/** What is known of a task's attempts. */
export interface Attempts {
  readonly hopAttempts: number;
  readonly totalAttempts: number;
}

/** True if one more failed attempt may be followed by another one at this instance (rule W4). */
export function hasRetriesLeft({ hopAttempts, totalAttempts }: Attempts, work: WorkPolicy): boolean {
  return work.retryOnFailure && hopAttempts < work.maxRetries && totalAttempts + 1 < work.maxTotalAttempts;
}

/** How long a task rests before its next attempt: doubling with each one at this instance, an hour at most. */
export function restSeconds({ hopAttempts }: Attempts, { retryDelaySeconds }: WorkPolicy): number {
  return Math.min(LONGEST_DELAY_SECONDS, retryDelaySeconds * 2 ** Math.min(hopAttempts, 20));
}
