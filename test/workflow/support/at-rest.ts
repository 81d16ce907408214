import type { Task } from '../../../src/domain/task.ts';
import type { TaskHandle } from './bench.ts';
import type { FakeRow } from './fake-row.ts';
import { until } from './until.ts';

/** A row, and the workflow that works on it. */
interface Begun {
  readonly row: FakeRow;
  readonly handle: Pick<TaskHandle, 'describe'>;
}

/** Waits until the workflow rests with an offer to this place and gives the id of its delegation. */
export async function restsOffered(begun: Begun, to: string): Promise<string> {
  const isOffered = (row: FakeRow): boolean =>
    row.chain.at(-1)?.status === 'pending' && row.chain.at(-1)?.targetInstanceId === to;
  await untilRests(begun, isOffered);
  return begun.row.chain.at(-1)!.id;
}

/** Waits until the workflow rests with a row of this status. */
export function rests(begun: Begun, status: Task['status']): Promise<void> {
  return untilRests(begun, ({ task }) => task.status === status);
}

/**
 * Waits until the row is so and the workflow, looked at after the row, has nothing left to do: it has then adopted the row.
 *
 * The server alone is asked. A query would be one more task for the worker, and Temporal's worker without a cache
 * (1.24.0) keeps one task when it forgets a run and drops what else waits for it: a workflow task that was
 * dropped is given out again after 10 seconds, a query that was dropped is never answered.
 */
async function untilRests({ handle, row }: Begun, holds: (row: FakeRow) => boolean): Promise<void> {
  const look = async (): Promise<string> => {
    if (!holds(row)) return 'the row is not so yet';
    const { raw } = await handle.describe();
    return raw.pendingWorkflowTask ? 'the workflow is at work' : 'at rest';
  };
  await until(look, (seen) => seen === 'at rest');
}
