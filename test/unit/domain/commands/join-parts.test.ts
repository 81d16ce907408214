import { describe, expect, it } from '@jest/globals';
import { endByParts, movePart } from '../../../../src/domain/commands/join-parts.ts';
import type { PartMove } from '../../../../src/domain/parts/next-parts.ts';
import type { Part } from '../../../../src/domain/parts/part.ts';
import type { TaskAggregate } from '../../../../src/domain/task-aggregate.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { PROJECT_ID, aDelegation, aQueuedTask, anAggregate } from '../../../support/builders.ts';
import { aPart, aWaitingPart } from '../../../support/parts.ts';

function aWhole(parts: readonly Part[], task: Partial<Task> = {}): TaskAggregate {
  return { ...aQueuedTask({ status: 'waiting', join: 'all', ...task }), parts };
}
const done = aPart(0, { status: 'completed' });

describe('endByParts', () => {
  it('completes the task with the collected result and closes its path (rules J2 and B5)', () => {
    const change = endByParts(aWhole([done]), { parts: [] });
    expect(change).toMatchObject({
      type: 'task_completed',
      task: { status: 'completed', result: { parts: [] }, finishedBy: 'hopper' },
      detail: { reason: 'all of 1 part completed' },
    });
    expect(change?.moves.map(({ to }) => to)).toEqual(['completed', 'completed']);
  });

  it('fails the task with the part that failed (rule J2)', () => {
    const change = endByParts(aWhole([done, aPart(1, { status: 'failed' })]), null);
    expect(change?.task).toMatchObject({
      status: 'failed',
      failure: { code: 'parts_failed', reason: 'part "1" failed' },
    });
  });

  it('waits until none is open, though the join is decided (rule J3)', () => {
    expect(endByParts(aWhole([done, aPart(1)], { join: 'any' }), null)).toBeNull();
    expect(endByParts(aWhole([done, aPart(1, { status: 'cancelled' })], { join: 'any' }), null)).not.toBeNull();
  });

  it('ends no task twice, and none that was not split (rule T3)', () => {
    expect(endByParts(aWhole([done], { status: 'cancelled' }), null)).toBeNull();
    expect(endByParts(aWhole([], { join: null }), null)).toBeNull();
  });
});

describe('movePart', () => {
  const move = (to: PartMove['to']): PartMove => ({ part: aWaitingPart(1, [0]), to, reason: 'because' });
  const aPartTask = (task: Partial<Task> = {}) =>
    anAggregate({ status: 'waiting', entryInstanceId: PROJECT_ID, instanceId: PROJECT_ID, ...task }, [
      aDelegation({ status: 'accepted', delegationType: 'decompose', sourceInstanceId: PROJECT_ID }),
    ]);

  it('lets a part begin (rule J1)', () => {
    expect(movePart(aPartTask(), move('released'))).toMatchObject({
      ...{ type: 'part_released', task: { status: 'routing' }, detail: { reason: 'because' } },
    });
  });

  it.each(['skipped', 'cancelled'] as const)('ends one that is %s, and its hop (rule J3)', (to) => {
    expect(movePart(aPartTask(), move(to))).toMatchObject({
      type: 'task_cancelled',
      task: { status: 'cancelled', failure: { code: to, reason: 'because' } },
      moves: [{ to: 'cancelled' }],
    });
  });

  it.each<[string, Partial<Task>]>([
    ['is over', { status: 'cancelled' }],
    ['has begun', { status: 'queued' }],
    ['was split itself', { join: 'all' }],
  ])('leaves a part alone that %s', (_what, task) => {
    expect(movePart(aPartTask(task), move('cancelled'))).toBeNull();
  });
});
