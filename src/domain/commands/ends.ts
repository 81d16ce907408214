import { type Actor, HOPPER } from '../actor.ts';
import type { Change, DelegationMove } from '../change.ts';
import { pathOf, pendingOffer } from '../path.ts';
import { type Failure, HOP_LIMIT } from '../task.ts';
import { type TaskAggregate, nextHop } from '../task-aggregate.ts';

/** The end of a task that is not completed: its offer and its live path are cancelled. */
export function abandoned(
  { delegations }: TaskAggregate,
  actor: Actor,
  status: 'failed' | 'cancelled' | 'rejected',
  failure: Failure,
): Change {
  const offer = pendingOffer(delegations);
  const withdrawn: DelegationMove[] =
    offer === undefined ? [] : [{ id: offer.id, to: 'cancelled', decidedBy: actor.name }];
  const left = pathOf(delegations).toReversed();
  const moves = [...withdrawn, ...left.map((hop): DelegationMove => ({ id: hop.id, to: 'cancelled' }))];
  const task = { status, failure, finishedBy: actor.name };
  return { type: `task_${status}`, actor, task, moves, opened: null, detail: { reason: failure.reason } };
}

/** The end of a task that was handed over as often as it may be; null while it may go on (law 9). */
export function hopLimitReached(aggregate: TaskAggregate): Change | null {
  const hops = nextHop(aggregate.delegations);
  if (hops < HOP_LIMIT) return null;
  const failure = { code: 'hop_limit', reason: `handed over ${String(hops)} times, the limit` };
  return abandoned(aggregate, HOPPER, 'failed', failure);
}
