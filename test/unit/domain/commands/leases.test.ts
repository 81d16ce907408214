import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../../../../src/domain/actor.ts';
import { lapse } from '../../../../src/domain/commands/exhausted.ts';
import { complete, fail } from '../../../../src/domain/commands/finish-task.ts';
import { expireLease, failAttempt, release } from '../../../../src/domain/commands/give-back.ts';
import { judge } from '../../../../src/domain/commands/judge.ts';
import { reroute } from '../../../../src/domain/commands/move-task.ts';
import { answer, ask } from '../../../../src/domain/commands/question.ts';
import type { OpenLease } from '../../../../src/domain/lease.ts';
import type { Task } from '../../../../src/domain/task.ts';
import type { TaskAggregate } from '../../../../src/domain/task-aggregate.ts';
import {
  NOW,
  PROJECT_ID,
  aQueuedTask,
  aWorkPolicy,
  anActor,
  anAggregate,
  anId,
  secondsLater,
} from '../../../support/builders.ts';

const worker: Actor = { name: 'w1', role: 'worker', subtree: null };
const ana = anActor('ana');
const LEASE = anId(9);
const aLease = (overrides: Partial<OpenLease> = {}): OpenLease => ({
  ...{ id: LEASE, workerId: 'w1', attempt: 2, timeoutSeconds: 30, expiresAt: secondsLater(30) },
  ...overrides,
});
const claimed = (task: Partial<Task> = {}, lease: OpenLease | null = aLease()): TaskAggregate => ({
  ...aQueuedTask({ status: 'in_progress', ...task }),
  lease,
});
const work = aWorkPolicy();
const conflict = { kind: 'conflict', code: 'lease_conflict' };

describe('while a lease is open', () => {
  it('its holder completes the task (rule W6)', () => {
    expect(complete(claimed(), worker, { kind: 'complete', leaseId: LEASE, result: 1 })).toMatchObject({
      change: { type: 'task_completed', leaseOutcome: 'completed', detail: {} },
    });
  });

  it('nobody else does, unless an operator forces it, on record (rule W6)', () => {
    const byHand = { kind: 'complete', delegationId: anId(0x11) } as const;
    expect(complete(claimed(), ana, byHand)).toMatchObject({ ...conflict, detail: expect.stringContaining('w1 has') });
    expect(complete(claimed(), ana, { kind: 'complete', force: true })).toMatchObject({
      change: { type: 'task_completed', detail: { forced: true } },
    });
    expect(complete(claimed(), worker, { kind: 'complete', force: true })).toMatchObject({
      ...conflict,
      detail: expect.stringContaining('a worker cannot force it'),
    });
    expect(fail(claimed(), ana, { kind: 'fail', reason: 'no', force: true }, work)).toMatchObject({
      change: { type: 'task_failed', detail: { forced: true } },
    });
  });

  it('the task is not rerouted without force (rule W6)', () => {
    expect(reroute(claimed(), ana, { kind: 'reroute' })).toMatchObject(conflict);
    expect(reroute(claimed(), ana, { kind: 'reroute', force: true })).toMatchObject({
      change: { type: 'task_rerouted', task: { instanceId: PROJECT_ID } },
    });
  });

  it.each([
    ['that has ended', null, 'this lease has ended'],
    ['that another has followed', aLease({ id: anId(8), workerId: 'w2' }), 'w2 has the task now'],
  ])('a lease %s finishes nothing (rule W6)', (_what, lease, words) => {
    const late = { kind: 'complete', leaseId: LEASE } as const;
    expect(complete(claimed({}, lease), worker, late)).toMatchObject({
      ...conflict,
      detail: expect.stringContaining(words),
    });
  });
});

describe('an attempt that failed', () => {
  const reason = 'broken';

  it('is tried again after a rest while retries are left (rule W4)', () => {
    expect(failAttempt(claimed({ hopAttempts: 1 }), worker, LEASE, reason, work)).toMatchObject({
      change: {
        type: 'attempt_failed',
        task: { status: 'queued', availableAt: secondsLater(10) },
        leaseOutcome: 'failed',
        countsAttempt: true,
        keepsStep: true,
      },
    });
    expect(failAttempt(claimed({ hopAttempts: 3 }), worker, LEASE, reason, work)).toEqual({ kind: 'exhausted' });
    expect(failAttempt(claimed({}, null), worker, LEASE, reason, work)).toMatchObject(conflict);
  });

  it.each([
    ['climbs', {}, {}, { type: 'task_escalated', task: { instanceId: PROJECT_ID } }],
    ['fails if the policy says so', {}, { onExhausted: 'fail' as const }, { task: { failure: { code: 'failed' } } }],
    ['fails after too many in all', { totalAttempts: 11 }, {}, { task: { failure: { code: 'too_many_attempts' } } }],
  ])('and was the last here %s (rule W4)', (_what, task, overrides, expected) => {
    const command = { kind: 'fail', leaseId: LEASE, reason } as const;
    expect(judge(claimed(task), worker, command, null, aWorkPolicy(overrides))).toMatchObject({
      change: { ...expected, leaseOutcome: 'failed', countsAttempt: true },
    });
  });

  it('fails where nobody is above (rule W4)', () => {
    const entered = { ...anAggregate({ status: 'in_progress' }), lease: aLease() };
    expect(fail(entered, worker, { kind: 'fail', leaseId: LEASE, reason }, work)).toMatchObject({
      change: { type: 'task_failed', task: { failure: { reason: 'broken (attempt 1 of 12)' } } },
    });
  });

  it('counts nothing if the task was given back untried (rule W4)', () => {
    expect(release(claimed(), worker, LEASE, 'tired')).toMatchObject({
      change: {
        type: 'task_released',
        task: { status: 'queued' },
        leaseOutcome: 'released',
        detail: { reason: 'tired' },
      },
    });
    expect(release(claimed({ status: 'blocked', blockedOn: 'question' }), worker, LEASE, null)).toMatchObject({
      change: { task: { status: 'blocked', blockedOn: 'question' }, leaseOutcome: 'released', detail: {} },
    });
    expect(release(claimed({}, null), worker, LEASE, null)).toMatchObject(conflict);
  });
});

describe('a lease past its time', () => {
  const late = aLease({ expiresAt: secondsLater(-100) });

  it('is a failed attempt, tried again or used up (rule W5)', () => {
    expect(expireLease(claimed({}, late), LEASE, work)).toMatchObject({
      change: { type: 'attempt_expired', leaseOutcome: 'expired', detail: { reason: 'w1 was not heard for 30 s' } },
    });
    expect(expireLease(claimed({ hopAttempts: 3 }, late), LEASE, work)).toEqual({ kind: 'exhausted' });
  });

  it('counts nothing while a question is open (rule W8)', () => {
    const asking = claimed({ status: 'blocked', blockedOn: 'question' }, late);
    const expired = expireLease(asking, LEASE, work);
    expect(expired).toMatchObject({ change: { task: { status: 'blocked' }, leaseOutcome: 'expired' } });
    expect(expired).not.toMatchObject({ change: { countsAttempt: true } });
  });

  it.each([
    ['in time', claimed()],
    ['of somebody else', claimed({}, aLease({ id: anId(8) }))],
    ['that has ended', claimed({}, null)],
  ])('is left alone if it is one %s (rule W5)', (_what, aggregate) => {
    expect(expireLease(aggregate, LEASE, work)).toEqual({ kind: 'done' });
    expect(lapse(aggregate, { kind: 'lapse', leaseId: LEASE }, work)).toEqual({ kind: 'done' });
  });

  it('without attempts left makes the task climb (rules W4 and W5)', () => {
    const command = { kind: 'lapse', leaseId: LEASE } as const;
    expect(judge(claimed({}, late), ana, command, null, work)).toMatchObject({
      change: { type: 'task_escalated', leaseOutcome: 'expired', actor: { name: 'hopper' } },
    });
  });
});

describe('a question', () => {
  const question = {
    text: 'which?',
    askedBy: 'w1',
    leaseId: LEASE,
    askedAt: '2026-01-01',
    answer: null,
    answeredBy: null,
  };
  const asking = (lease: OpenLease | null = aLease()) =>
    claimed({ status: 'blocked', blockedOn: 'question', questions: [question] }, lease);

  it('blocks the task, once (rule W8)', () => {
    expect(ask(claimed(), worker, LEASE, 'which?')).toMatchObject({
      change: { type: 'question_asked', task: { questions: [{ ...question, askedAt: NOW.toISOString() }] } },
    });
    expect(ask(asking(), worker, LEASE, 'which?')).toEqual({ kind: 'done' });
    expect(ask(asking(), worker, LEASE, 'what?')).toMatchObject({ code: 'task_conflict' });
    expect(ask(claimed({}, null), worker, LEASE, 'which?')).toMatchObject(conflict);
  });

  it('is answered, for its worker or for the next one (rule W8)', () => {
    const earlier = { ...question, text: 'before', answer: 'x', answeredBy: 'bob' };
    const both = asking();
    const withEarlier = { ...both, task: { ...both.task, questions: [earlier, question] } };
    expect(answer(withEarlier, ana, 'that')).toMatchObject({
      change: { task: { status: 'in_progress', questions: [earlier, { answer: 'that', answeredBy: 'ana' }] } },
    });
    expect(answer(asking(null), ana, 'that')).toMatchObject({ change: { task: { status: 'queued' } } });
  });

  it('is the last one, also if an earlier one was left behind without an answer (rule W8)', () => {
    const both = asking();
    const leftBehind = { ...question, text: 'before' };
    const withEarlier = { ...both, task: { ...both.task, questions: [leftBehind, question] } };
    expect(answer(withEarlier, ana, 'that')).toMatchObject({
      change: { task: { questions: [leftBehind, { text: 'which?', answer: 'that' }] } },
    });
  });

  it('is answered again with the same words by the same person only (rule W8)', () => {
    const answered = claimed({ questions: [{ ...question, answer: 'that', answeredBy: 'ana' }] });
    expect(answer(answered, ana, 'that')).toEqual({ kind: 'done' });
    expect(answer(answered, anActor('bob'), 'that')).toMatchObject({ code: 'task_conflict' });
    expect(answer(answered, ana, 'this')).toMatchObject({ code: 'task_conflict' });
    expect(answer(claimed(), ana, 'that')).toMatchObject({ code: 'task_conflict' });
  });
});
