import { describe, expect, it } from '@jest/globals';
import { HOPPER } from '../../../src/domain/actor.ts';
import { type Change, evolve } from '../../../src/domain/change.ts';
import { type OpenLease, heartbeatSecondsOf, isLapsed, leaseEndOf } from '../../../src/domain/lease.ts';
import { hasRetriesLeft, restSeconds, timeoutOf, workPolicyOf } from '../../../src/domain/work-policy.ts';
import { NOW, aPolicy, aQueuedTask, aWorkPolicy, anId, secondsLater } from '../../support/builders.ts';

const lease: OpenLease = { id: anId(9), workerId: 'w1', attempt: 1, expiresAt: NOW, timeoutSeconds: 30 };
const change = (fields: Partial<Change>): Change => ({
  type: 'task_updated',
  actor: HOPPER,
  task: { status: 'in_progress' },
  moves: [],
  opened: null,
  detail: {},
  ...fields,
});

describe('leaseEndOf', () => {
  it.each([
    ['stays in progress', { task: { status: 'in_progress' } }, null],
    ['waits for an answer', { task: { status: 'blocked', blockedOn: 'question' } }, null],
    ['is held', { task: { status: 'blocked', blockedOn: 'held' } }, { id: lease.id, outcome: 'left', reason: null }],
    [
      'is routed anew',
      { task: { status: 'routing' }, detail: { reason: 'too hard' } },
      { id: lease.id, outcome: 'left', reason: 'too hard' },
    ],
    [
      'says how it ended',
      { task: { status: 'blocked', blockedOn: 'question' }, leaseOutcome: 'expired' },
      { id: lease.id, outcome: 'expired', reason: null },
    ],
  ] as const)('of a change after which the task %s (rule W6)', (_what, fields, end) => {
    expect(leaseEndOf(lease, change(fields))).toEqual(end);
  });

  it('is nothing where nobody has a lease', () => {
    expect(leaseEndOf(null, change({ task: { status: 'routing' } }))).toBeNull();
  });
});

describe('isLapsed', () => {
  it.each([
    [9, false],
    [10, true],
  ])('gives a third of the time as grace: %i seconds after its end (rule W5)', (seconds, lapsed) => {
    expect(isLapsed(lease, secondsLater(seconds))).toBe(lapsed);
  });

  it('never holds of a lease that Temporal watches (rule W5)', () => {
    expect(isLapsed({ ...lease, expiresAt: null }, secondsLater(1_000_000))).toBe(false);
  });

  it('asks for a heartbeat every second at least', () => {
    expect([heartbeatSecondsOf(1), heartbeatSecondsOf(300)]).toEqual([1, 100]);
  });
});

describe("a worker's part of a change", () => {
  const claimed = { ...aQueuedTask({ queuedAt: NOW, hopAttempts: 1, totalAttempts: 2 }), lease };

  it('is no step, counts a failed attempt, and keeps the place in the queue (rules W4 and W7)', () => {
    const failed = change({ task: { status: 'queued' }, leaseOutcome: 'failed', countsAttempt: true, keepsStep: true });
    expect(evolve(claimed, failed, anId(0))).toMatchObject({
      lease: null,
      task: { step: claimed.task.step, hopAttempts: 2, totalAttempts: 3, queuedAt: NOW },
    });
  });

  it('keeps the time of a question, and begins anew in a queue (rule W8)', () => {
    const asked = change({ task: { status: 'blocked', blockedOn: 'question' }, keepsStep: true });
    expect(evolve(claimed, asked, anId(0)).task.queuedAt).toEqual(NOW);
    const working = change({ task: { status: 'in_progress' }, keepsStep: true });
    expect(evolve(claimed, working, anId(0)).task.queuedAt).toEqual(NOW);
    const queued = change({ task: { status: 'queued' } });
    expect(evolve({ ...aQueuedTask({ queuedAt: null }), lease: null }, queued, anId(0)).task.queuedAt).toEqual(NOW);
  });

  it('is counted anew at another instance, and in all (rule W4)', () => {
    const climbed = change({ task: { status: 'routing', instanceId: anId(7) }, countsAttempt: true });
    expect(evolve(claimed, climbed, anId(0)).task).toMatchObject({ hopAttempts: 0, totalAttempts: 3, queuedAt: null });
  });
});

describe('the rules of work', () => {
  it('are those of the scope; a Global does none', () => {
    expect(workPolicyOf(aPolicy(), 'global').maxConcurrentTasks).toBe(0);
    expect(workPolicyOf(aPolicy({ project: { max_retries: 7 } }), 'project').maxRetries).toBe(7);
  });

  it.each([
    [{ hopAttempts: 2, totalAttempts: 2 }, {}, true],
    [{ hopAttempts: 3, totalAttempts: 3 }, {}, false],
    [{ hopAttempts: 0, totalAttempts: 10 }, {}, true],
    [{ hopAttempts: 0, totalAttempts: 11 }, {}, false],
    [{ hopAttempts: 0, totalAttempts: 0 }, { retryOnFailure: false }, false],
  ])('leave retries after %j under %j: %j (rule W4)', (attempts, overrides, left) => {
    expect(hasRetriesLeft(attempts, aWorkPolicy(overrides))).toBe(left);
  });

  it('double the rest with each attempt here, up to an hour (rule W4)', () => {
    const rests = [0, 1, 2, 30].map((hopAttempts) => restSeconds({ hopAttempts, totalAttempts: 30 }, aWorkPolicy()));
    expect(rests).toEqual([5, 10, 20, 3_600]);
  });

  it.each([
    [60, 60],
    [0, 300],
    [1.5, 300],
    ['60', 300],
    [40_000_000, 300],
    [undefined, 300],
  ])('let a task say how long its worker may be silent, if it makes sense: %j (rule W5)', (own, seconds) => {
    expect(timeoutOf(own === undefined ? {} : { worker_timeout_seconds: own }, aWorkPolicy())).toBe(seconds);
  });
});
