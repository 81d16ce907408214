import { HOPPER } from '../actor.ts';
import type { Change } from '../change.ts';
import { isFinal } from '../task.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import { abandoned } from './ends.ts';

/**
 * The end of an open task whose workflow is closed: nothing would ever carry it on, and a closed workflow never comes back.
 * It is cancelled where that was, else failed; null: it ended by itself meanwhile (rule N2).
 */
export function orphaned(aggregate: TaskAggregate, closedAs: string): Change | null {
  if (isFinal(aggregate.task.status)) return null;
  const words = closedAs.toLowerCase().replaceAll('_', ' ');
  const reason = `its workflow has ended in Temporal (${words}), and the task had not`;
  const status = closedAs === 'CANCELLED' ? 'cancelled' : 'failed';
  return abandoned(aggregate, HOPPER, status, { code: 'workflow_closed', reason });
}
