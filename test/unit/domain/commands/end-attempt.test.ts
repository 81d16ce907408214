import { describe, expect, it } from '@jest/globals';
import { evolve } from '../../../../src/domain/change.ts';
import { endAttempt } from '../../../../src/domain/commands/end-attempt.ts';
import { judge } from '../../../../src/domain/commands/judge.ts';
import type { Task } from '../../../../src/domain/task.ts';
import type { TaskAggregate } from '../../../../src/domain/task-aggregate.ts';
import type { TaskCommand } from '../../../../src/domain/task-command.ts';
import type { WorkPolicy } from '../../../../src/domain/work-policy.ts';
import { aQueuedTask, aWorkPolicy, anActor, anId, secondsLater } from '../../../support/builders.ts';

type EndAttempt = Extract<TaskCommand, { kind: 'end_attempt' }>;

const LEASE = anId(9);
const worker = anActor('temporal:agents');
const pushed = (task: Partial<Task> = {}): TaskAggregate => ({
  ...aQueuedTask({ status: 'in_progress', ...task }),
  lease: { id: LEASE, workerId: 'temporal:agents', attempt: 1, timeoutSeconds: 300, expiresAt: null },
});
const ended = (
  outcome: EndAttempt['outcome'],
  task: Partial<Task> = {},
  work: Partial<WorkPolicy> = {},
): ReturnType<typeof endAttempt> =>
  endAttempt(
    pushed(task),
    worker,
    { kind: 'end_attempt', leaseId: LEASE, outcome, reason: 'because' },
    aWorkPolicy(work),
  );

describe('endAttempt', () => {
  it.each([
    ['failed', 'attempt_failed'],
    ['expired', 'attempt_expired'],
  ] as const)('queues a task whose attempt %s again after a rest, and counts it (rule U4)', (outcome, type) => {
    expect(ended(outcome, { hopAttempts: 1, totalAttempts: 1 })).toMatchObject({
      change: {
        type,
        leaseOutcome: outcome,
        countsAttempt: true,
        keepsStep: true,
        task: { status: 'queued', availableAt: secondsLater(10) },
        detail: { reason: 'because' },
      },
    });
  });

  it.each(['failed', 'expired'] as const)('sends a task up once no retries are left: %s (rule U4)', (outcome) => {
    expect(ended(outcome, {}, { maxRetries: 0 })).toMatchObject({
      change: { type: 'task_escalated', leaseOutcome: outcome, countsAttempt: true },
    });
    expect(ended(outcome, {}, { maxRetries: 0, onExhausted: 'fail' })).toMatchObject({
      change: { type: 'task_failed' },
    });
  });

  it('ends the task as failed where another attempt cannot help, whatever retries are left (rule U4)', () => {
    expect(ended('hopeless')).toMatchObject({
      change: {
        type: 'task_failed',
        leaseOutcome: 'failed',
        countsAttempt: true,
        task: { status: 'failed', failure: { code: 'failed', reason: 'because' } },
      },
    });
  });

  it('gives back what nobody took: nothing is counted, and it rests a while (rule U5)', () => {
    const verdict = ended('untried', { hopAttempts: 2, totalAttempts: 2 }, { maxRetries: 0, retryDelaySeconds: 7 });
    if (verdict.kind !== 'change') throw new Error('nothing changes');
    expect(verdict.change).toMatchObject({ type: 'task_released', leaseOutcome: 'released', keepsStep: true });
    const after = evolve(pushed({ hopAttempts: 2, totalAttempts: 2 }), verdict.change, anId(1));
    expect(after.task).toMatchObject({
      status: 'queued',
      hopAttempts: 2,
      totalAttempts: 2,
      availableAt: secondsLater(7),
    });
    expect(after.lease).toBeNull();
  });

  it('leaves a task alone whose lease has ended otherwise (rule U6)', () => {
    const command = { kind: 'end_attempt', leaseId: anId(8), outcome: 'failed', reason: 'late' } as const;
    expect(judge(pushed(), worker, command, null, aWorkPolicy())).toEqual({ kind: 'done' });
    expect(judge(aQueuedTask(), worker, command, null, aWorkPolicy())).toEqual({ kind: 'done' });
  });

  it('knows no other outcome', () => {
    expect(() => ended('forgotten' as never)).toThrow(TypeError);
  });
});
