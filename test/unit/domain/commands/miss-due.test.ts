import { describe, expect, it } from '@jest/globals';
import { HOPPER } from '../../../../src/domain/actor.ts';
import { type Change, evolve } from '../../../../src/domain/change.ts';
import { judge } from '../../../../src/domain/commands/judge.ts';
import type { OpenLease } from '../../../../src/domain/lease.ts';
import { TASK_STATUSES, type Task, isFinal } from '../../../../src/domain/task.ts';
import type { TaskAggregate } from '../../../../src/domain/task-aggregate.ts';
import type { WorkPolicy } from '../../../../src/domain/work-policy.ts';
import {
  NOW,
  ORCHESTRATION_ID,
  PROJECT_ID,
  aQueuedTask,
  aWorkPolicy,
  anActor,
  anAggregate,
  anId,
  anOfferedTask,
  secondsLater,
} from '../../../support/builders.ts';

const DUE = secondsLater(-60);
const AT = DUE.toISOString();
const aLease: OpenLease = {
  ...{ id: anId(9), workerId: 'w1', attempt: 1, timeoutSeconds: 30, expiresAt: secondsLater(30) },
};

const due = (aggregate: TaskAggregate, task: Partial<Task> = {}): TaskAggregate => ({
  ...aggregate,
  task: { ...aggregate.task, dueAt: DUE, ...task },
});
const judged = (aggregate: TaskAggregate, onDueMissed: WorkPolicy['onDueMissed'] = 'none', dueAt = AT) =>
  judge(aggregate, anActor('somebody'), { kind: 'overdue', dueAt }, null, aWorkPolicy({ onDueMissed }));

/** The change and what follows from it, each with the state after it. */
function carriedOut(aggregate: TaskAggregate, onDueMissed: WorkPolicy['onDueMissed']) {
  const verdict = judged(aggregate, onDueMissed);
  if (verdict.kind !== 'change') throw new Error(`nothing was to do: ${verdict.kind}`);
  const { change } = verdict;
  const first = evolve(aggregate, change, anId(0x99));
  const { followedBy } = change;
  const last = followedBy === undefined ? first : evolve(first, followedBy, anId(0x99));
  return { types: [change, followedBy].flatMap((each: Change | undefined) => each?.type ?? []), change, first, last };
}

const QUEUED = due(aQueuedTask({ availableAt: secondsLater(5), queuedAt: DUE }));
const IN_PROGRESS = { ...due(aQueuedTask({ status: 'in_progress' })), lease: aLease };
const ASKING = { ...due(aQueuedTask({ status: 'blocked', blockedOn: 'question' })), lease: aLease };
const HELD = due(aQueuedTask({ status: 'blocked', blockedOn: 'held' }));
const WAITING = due(aQueuedTask({ status: 'waiting' }));
const OFFERED = due(anOfferedTask());
const POSTPONED = due(anAggregate({ status: 'routing', retryAt: secondsLater(60) }));
const AT_ENTRY = due(anAggregate({ status: 'queued', queuedAt: DUE }));
const OPEN = [
  ['queued', QUEUED],
  ['in_progress', IN_PROGRESS],
  ['blocked on a question', ASKING],
  ['held', HELD],
  ['waiting', WAITING],
  ['offered', OFFERED],
  ['postponed', POSTPONED],
  ['queued at its entry', AT_ENTRY],
] as const;

describe('a due time that has passed', () => {
  it.each(OPEN)('is on record, and leaves a task that is %s as it stands (rule T6)', (_state, aggregate) => {
    const { types, change, last } = carriedOut(aggregate, 'none');
    expect([types, change.actor, change.detail]).toEqual([['due_missed'], HOPPER, { due_at: AT, then: 'none' }]);
    const { task, lease, delegations, parts } = aggregate;
    expect(last).toEqual({
      ...{ now: NOW, lease, delegations, parts },
      task: { ...task, missedDueAt: DUE, step: task.step + 1, updatedAt: NOW },
    });
  });

  it.each(OPEN)('is missed once by a task that is %s (rule T6)', (_state, aggregate) => {
    const { last } = carriedOut(aggregate, 'none');
    expect(judged(last, 'cancel')).toEqual({ kind: 'done' });
  });

  it.each([
    ['not yet', due(aQueuedTask(), { dueAt: secondsLater(1) }), secondsLater(1).toISOString()],
    ['another one meanwhile', due(aQueuedTask(), { dueAt: secondsLater(-10) }), AT],
    ['none any more', due(aQueuedTask(), { dueAt: null }), AT],
  ])('is left alone if it is %s', (_what, aggregate, dueAt) => {
    expect(judged(aggregate, 'cancel', dueAt)).toEqual({ kind: 'done' });
  });

  it.each(TASK_STATUSES.filter(isFinal))('is nothing to a task that is %s', (status) => {
    expect(judged(due(aQueuedTask({ status })), 'cancel')).toEqual({ kind: 'done' });
  });

  it('can be missed again once it is another one (rule T6)', () => {
    const moved = due(aQueuedTask({ missedDueAt: secondsLater(-600) }));
    expect(carriedOut(moved, 'none').types).toEqual(['due_missed']);
  });

  it.each(OPEN)('cancels a task that is %s where the policy says so (rule T6)', (_state, aggregate) => {
    const { types, change, last } = carriedOut(aggregate, 'cancel');
    expect([types, change.detail]).toEqual([['due_missed', 'task_cancelled'], { due_at: AT, then: 'cancel' }]);
    expect(last).toMatchObject({
      lease: null,
      task: {
        status: 'cancelled',
        finishedBy: 'hopper',
        failure: { code: 'due_missed', reason: `it was due at ${AT}` },
        missedDueAt: DUE,
      },
    });
  });

  it.each([
    ['queued', QUEUED],
    ['in_progress', IN_PROGRESS],
    ['blocked on a question', ASKING],
  ])('makes a task that is %s climb where the policy says so, and ends its lease (rule T6)', (_state, aggregate) => {
    const { types, change, last } = carriedOut(aggregate, 'escalate');
    expect([types, change.detail]).toEqual([['due_missed', 'task_escalated'], { due_at: AT, then: 'escalate' }]);
    expect(change.followedBy).toMatchObject({ actor: HOPPER, detail: { reason: `it was due at ${AT}` } });
    expect(last).toMatchObject({
      lease: null,
      task: {
        status: 'routing',
        instanceId: PROJECT_ID,
        missedDueAt: DUE,
        exclusions: [{ instanceId: ORCHESTRATION_ID, why: 'escalated' }],
      },
    });
  });

  it.each([
    ['held', HELD, 'task is blocked (held): nobody is at work on it'],
    ['waiting', WAITING, 'task is waiting: nobody is at work on it'],
    ['offered', OFFERED, 'task is offered: nobody is at work on it'],
    ['postponed', POSTPONED, 'task is routing: nobody is at work on it'],
    ['queued at its entry', AT_ENTRY, 'task is queued at its entry instance: nobody is above it'],
  ])('does not make a task climb that is %s, and says why (rule T6)', (_state, aggregate, because) => {
    const { types, change } = carriedOut(aggregate, 'escalate');
    expect([types, change.detail]).toEqual([['due_missed'], { due_at: AT, then: 'none', because }]);
  });
});
