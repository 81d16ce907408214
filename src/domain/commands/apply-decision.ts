import { type Actor, HOPPER } from '../actor.ts';
import { assertNever } from '../assert-never.ts';
import type { Change } from '../change.ts';
import { holderDelegation } from '../path.ts';
import type { RoutingDecision } from '../routing-decision.ts';
import { type TaskAggregate, nextHop } from '../task-aggregate.ts';
import { abandoned, hopLimitReached } from './finish-task.ts';
import { climbed } from './move-task.ts';

/** The target of a delegation, and how it accepts. */
export interface ChosenTarget {
  readonly id: string;
  readonly name: string;
  readonly acceptance: 'auto' | 'manual';
  readonly acceptanceTimeoutSeconds: number;
}

/** Turns a behaviour's answer into the change that carries it out. */
export function applyDecision(
  aggregate: TaskAggregate,
  decision: RoutingDecision,
  target: ChosenTarget | null,
  onUnroutable: 'reject' | 'hold',
): Change {
  switch (decision.action) {
    case 'delegate':
      return delegated(aggregate, decision.reason, target);
    case 'execute':
    case 'queue':
      return { ...plain, type: 'task_queued', task: { status: 'queued' }, detail: { reason: decision.reason } };
    case 'escalate':
      if (holderDelegation(aggregate.delegations) === undefined)
        return unroutable(aggregate, decision.reason, onUnroutable);
      return climbed(aggregate, HOPPER, decision.reason);
    case 'reject':
      return unroutable(aggregate, decision.reason, onUnroutable);
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

function unroutable(aggregate: TaskAggregate, reason: string, onUnroutable: 'reject' | 'hold'): Change {
  if (onUnroutable === 'hold') {
    return { ...plain, type: 'task_held', task: { status: 'blocked', blockedOn: 'held' }, detail: { reason } };
  }
  return abandoned(aggregate, HOPPER, 'rejected', { code: 'unroutable', reason });
}
