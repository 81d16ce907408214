import { describe, expect, it } from '@jest/globals';
import { type Change, evolve } from '../../../src/domain/change.ts';
import type { TaskMove } from '../../../src/domain/change.ts';
import { NOW, PROJECT_ID, aQueuedTask, anActor, anAggregate, anId, anOfferedTask } from '../../support/builders.ts';

const [OFFER, LAST, NEW] = [anId(0x10), anId(0x11), anId(0x99)];

function aChange(task: TaskMove, rest: Partial<Change> = {}): Change {
  return { type: 'task_updated', actor: anActor('ana'), task, moves: [], opened: null, detail: {}, ...rest };
}

describe('evolve', () => {
  it('counts every change as one step and stamps it with the time of the database (law 3)', () => {
    const before = anOfferedTask();
    const { task } = evolve(before, aChange({ status: 'routing' }), NEW);
    expect(task).toEqual({ ...before.task, status: 'routing', step: before.task.step + 1, updatedAt: NOW });
  });

  it('gives a task its end when it becomes final, and not before', () => {
    expect(evolve(aQueuedTask(), aChange({ status: 'failed' }), NEW).task.finishedAt).toBe(NOW);
    expect(evolve(aQueuedTask(), aChange({ status: 'routing' }), NEW).task.finishedAt).toBeNull();
  });

  it('forgets what a task was blocked on when it goes on', () => {
    const held = anAggregate({ status: 'blocked', blockedOn: 'held' });
    expect(evolve(held, aChange({ status: 'routing' }), NEW).task.blockedOn).toBeNull();
    expect(evolve(anAggregate(), aChange({ status: 'blocked', blockedOn: 'held' }), NEW).task.blockedOn).toBe('held');
  });

  it('remembers with a delegation when and by whom it was decided, and touches no other', () => {
    const moves = [{ id: LAST, to: 'completed', result: [1] } as const];
    const before = aQueuedTask();
    const [first, last] = evolve(before, aChange({ status: 'completed' }, { moves }), NEW).delegations;
    expect(first).toBe(before.delegations[0]);
    expect(last).toEqual({ ...before.delegations[1], status: 'completed', completedAt: NOW, result: [1] });
    const accepted = evolve(
      anOfferedTask(),
      aChange({ status: 'routing' }, { moves: [{ id: OFFER, to: 'accepted', decidedBy: 'ana' }] }),
      NEW,
    );
    expect(accepted.delegations[0]).toMatchObject({ status: 'accepted', acceptedAt: NOW, decidedBy: 'ana' });
  });

  it.each([
    ['pending', null, null],
    ['accepted', NOW, null],
    ['completed', NOW, NOW],
  ] as const)('opens a delegation that is %s with the times that fit', (status, acceptedAt, completedAt) => {
    const opened = {
      hop: 0,
      sourceInstanceId: anId(1),
      targetInstanceId: PROJECT_ID,
      delegationType: 'route',
      status,
      expiresAt: null,
      decidedBy: null,
      notes: null,
    } as const;
    const { delegations } = evolve(anAggregate(), aChange({ status: 'routing' }, { opened }), NEW);
    const times = { delegatedAt: NOW, acceptedAt, completedAt };
    expect(delegations).toEqual([
      { ...opened, ...times, id: NEW, taskId: anId(1), rejectionCode: null, retryable: false, result: null },
    ]);
  });

  it('leaves what it was given as it was', () => {
    const before = aQueuedTask();
    const copy = structuredClone(before);
    evolve(before, aChange({ status: 'completed' }, { moves: [{ id: LAST, to: 'completed' }] }), NEW);
    expect(before).toEqual(copy);
  });
});
