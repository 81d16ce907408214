import { type Actor, HOPPER } from '../actor.ts';
import { assertNever } from '../assert-never.ts';
import type { Change } from '../change.ts';
import { hopFromAbove } from '../path.ts';
import type { Decided } from '../scopes/decide-at.ts';
import { type TaskAggregate, nextHop } from '../task-aggregate.ts';
import { abandoned, hopLimitReached } from './ends.ts';
import { held } from './leave-instance.ts';
import { climbed } from './move-task.ts';
import { decomposed } from './decompose.ts';

/** The target of a delegation, and how it accepts. */
export interface ChosenTarget {
  readonly id: string;
  readonly name: string;
  readonly acceptance: 'auto' | 'manual';
  readonly acceptanceTimeoutSeconds: number;
}

/** What becomes of a task that nobody takes now. */
export interface Unchosen {
  readonly onUnroutable: 'reject' | 'hold';
  /** When the first of those that postponed the task may be asked again. */
  readonly retryAt: Date | null;
}

/** Turns a behaviour's answer into the change that carries it out. */
export function applyDecision(
  aggregate: TaskAggregate,
  decision: Decided,
  target: ChosenTarget | null,
  { onUnroutable, retryAt }: Unchosen,
): Change {
  switch (decision.action) {
    case 'delegate':
      return delegated(aggregate, decision.reason, target);
    case 'execute':
    case 'queue':
      return { ...plain, type: 'task_queued', task: { status: 'queued' }, detail: { reason: decision.reason } };
    case 'escalate':
      if (hopFromAbove(aggregate.delegations) === undefined) return nobodyAbove(aggregate, decision, onUnroutable);
      return climbed(aggregate, HOPPER, decision.reason, isLifecycle(decision) ? 'stopped' : 'escalated');
    case 'reject':
      return unroutable(aggregate, decision.reason, onUnroutable);
    case 'hold':
      return held(HOPPER, decision.reason);
    case 'decompose':
      return decomposed(HOPPER, decision.parts, decision.join, { reason: decision.reason });
    case 'wait':
      return retryAt === null
        ? unroutable(aggregate, decision.reason, onUnroutable)
        : postponed(decision.reason, retryAt);
    default:
      return assertNever(decision);
  }
}

const plain = { actor: HOPPER, moves: [], opened: null } as const satisfies { actor: Actor; moves: []; opened: null };

function delegated(aggregate: TaskAggregate, reason: string, target: ChosenTarget | null): Change {
  const { task, delegations, now } = aggregate;
  if (target === null) throw new TypeError('a delegation needs a target');
  const ended = hopLimitReached(aggregate);
  if (ended !== null) return ended;
  const isManual = target.acceptance === 'manual';
  return {
    ...plain,
    type: 'task_delegated',
    task: isManual ? { status: 'offered' } : { status: 'routing', instanceId: target.id },
    opened: {
      hop: nextHop(delegations),
      sourceInstanceId: task.instanceId,
      targetInstanceId: target.id,
      delegationType: 'route',
      status: isManual ? 'pending' : 'accepted',
      expiresAt: isManual ? new Date(now.getTime() + target.acceptanceTimeoutSeconds * 1_000) : null,
      decidedBy: isManual ? null : target.name,
      notes: null,
    },
    detail: { reason },
  };
}

/** What entered at an instance that stopped waits there, whatever the policy says (rule I4). */
function nobodyAbove(aggregate: TaskAggregate, decision: Decided, onUnroutable: 'reject' | 'hold'): Change {
  return unroutable(aggregate, decision.reason, isLifecycle(decision) ? 'hold' : onUnroutable);
}

/** The instance does not decide: it has begun to stop, or has stopped (rule B4). */
function isLifecycle({ strategy }: Decided): boolean {
  return strategy === 'lifecycle';
}

/** An operator's stop loses no task: one that it sent away is held where nobody else can take it (rule I4). */
function unroutable(aggregate: TaskAggregate, reason: string, onUnroutable: 'reject' | 'hold'): Change {
  const wasStopped = aggregate.task.exclusions.some((each) => each.why === 'stopped');
  if (onUnroutable === 'hold' || wasStopped) return held(HOPPER, reason);
  const ends = aggregate.task.totalAttempts > 0 ? 'failed' : 'rejected';
  return abandoned(aggregate, HOPPER, ends, { code: 'unroutable', reason });
}

function postponed(reason: string, retryAt: Date): Change {
  return {
    ...plain,
    type: 'task_postponed',
    task: { status: 'routing', retryAt },
    detail: { reason, retry_at: retryAt.toISOString() },
  };
}
