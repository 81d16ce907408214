import type { Actor } from '../actor.ts';
import type { Delegation } from '../delegation.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { Exclusion } from '../task.ts';
import type { TaskCommand } from '../task-command.ts';
import type { NamedTarget } from './move-task.ts';
import { DONE, type Verdict, delegationConflict, unknownDelegation } from './verdict.ts';

type Accept = Extract<TaskCommand, { kind: 'accept' }>;
type Reject = Extract<TaskCommand, { kind: 'reject' }>;
type Expire = Extract<TaskCommand, { kind: 'expire' }>;

/** An accepted offer takes the task to its target, unless that has begun to stop (rule D4). */
export function accept(
  { delegations }: TaskAggregate,
  actor: Actor,
  command: Accept,
  target: NamedTarget | null,
): Verdict {
  const offer = delegations.find((each) => each.id === command.delegationId);
  if (offer === undefined) return unknownDelegation(command.delegationId);
  if (offer.status !== 'pending') return isSameAcceptance(offer, actor, command) ? DONE : delegationConflict(offer);
  if (target !== null && target.status !== 'running' && target.status !== 'paused') {
    return {
      kind: 'conflict',
      code: 'delegation_conflict',
      detail: `${target.name} is ${target.status}: it takes no work`,
    };
  }
  const notes = command.notes ?? offer.notes;
  const move = { id: offer.id, to: 'accepted', decidedBy: actor.name, notes } as const;
  const task = { status: 'routing', instanceId: offer.targetInstanceId } as const;
  return {
    kind: 'change',
    change: { type: 'delegation_accepted', actor, task, moves: [move], opened: null, detail: {} },
  };
}

/** A refused offer leaves the task where it was; its target is not asked again, or not for a while (rules R3 and R8). */
export function reject({ task, delegations, now }: TaskAggregate, actor: Actor, command: Reject): Verdict {
  const offer = delegations.find((each) => each.id === command.delegationId);
  if (offer === undefined) return unknownDelegation(command.delegationId);
  if (offer.status !== 'pending') return isSameRefusal(offer, actor, command) ? DONE : delegationConflict(offer);
  const refusal: Exclusion =
    command.retryable === true
      ? { instanceId: offer.targetInstanceId, why: 'postponed', at: now.toISOString() }
      : { instanceId: offer.targetInstanceId, why: 'refused' };
  const exclusions = [...task.exclusions, refusal];
  const move = {
    id: offer.id,
    to: 'rejected',
    decidedBy: actor.name,
    notes: command.reason,
    rejectionCode: command.code ?? null,
    retryable: command.retryable ?? false,
  } as const;
  const detail = { reason: command.reason };
  const moved = { status: 'routing', exclusions } as const;
  return {
    kind: 'change',
    change: { type: 'delegation_rejected', actor, task: moved, moves: [move], opened: null, detail },
  };
}

/** An offer that nobody answered in time counts as a refusal (rule D5); before its time nothing happens. */
export function expire({ task, delegations, now }: TaskAggregate, actor: Actor, command: Expire): Verdict {
  const offer = delegations.find((each) => each.id === command.delegationId);
  if (offer?.status !== 'pending' || offer.expiresAt === null || offer.expiresAt > now) return DONE;
  const exclusions = [...task.exclusions, { instanceId: offer.targetInstanceId, why: 'expired' as const }];
  const move = { id: offer.id, to: 'expired', decidedBy: actor.name, notes: 'nobody answered in time' } as const;
  const moved = { status: 'routing', exclusions } as const;
  return {
    kind: 'change',
    change: { type: 'delegation_expired', actor, task: moved, moves: [move], opened: null, detail: {} },
  };
}

/** A hop upwards and the first hop of a part are nobody's acceptance, though whoever made them stands in the row. */
function isSameAcceptance(offer: Delegation, actor: Actor, { notes }: Accept): boolean {
  if (offer.delegationType === 'escalate' || offer.delegationType === 'decompose') return false;
  return offer.acceptedAt !== null && offer.decidedBy === actor.name && (notes ?? offer.notes) === offer.notes;
}

function isSameRefusal(offer: Delegation, actor: Actor, command: Reject): boolean {
  const { reason, code = null, retryable = false } = command;
  const isSameBody = offer.notes === reason && offer.rejectionCode === code && offer.retryable === retryable;
  return offer.status === 'rejected' && offer.decidedBy === actor.name && isSameBody;
}
