import { HOPPER } from '../actor.ts';
import type { Change } from '../change.ts';
import type { Json } from '../json.ts';
import { type PartMove, standOf } from '../parts/next-parts.ts';
import { isFinal } from '../task.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import { abandoned } from './ends.ts';
import { completion } from './finish-task.ts';

/** How a task ends by its parts, once none of them is open any more; null while it goes on (rules J2 and J3). */
export function endByParts(aggregate: TaskAggregate, result: Json): Change | null {
  const { joined, open } = standOf(aggregate);
  if (aggregate.task.status !== 'waiting' || open > 0 || joined.kind === 'open') return null;
  const { reason } = joined;
  if (joined.kind === 'failed') return abandoned(aggregate, HOPPER, 'failed', { code: 'parts_failed', reason });
  return { ...completion(aggregate, HOPPER, result), detail: { reason } };
}

/** What becomes of a part that has not begun (rules J1 and J3). */
export function movePart(part: TaskAggregate, { to, reason }: PartMove): Change | null {
  if (isFinal(part.task.status) || part.task.status !== 'waiting' || part.task.join !== null) return null;
  if (to !== 'released') return abandoned(part, HOPPER, 'cancelled', { code: to, reason });
  return {
    type: 'part_released',
    actor: HOPPER,
    task: { status: 'routing' },
    moves: [],
    opened: null,
    detail: { reason },
  };
}
