import { describe, expect, it } from '@jest/globals';
import { executionOf } from '../../../src/domain/execution.ts';
import type { OpenLease } from '../../../src/domain/lease.ts';
import { NOW, aTask, anId, secondsLater } from '../../support/builders.ts';

const lease: OpenLease = {
  ...{ id: anId(9), workerId: 'temporal:agents', attempt: 2, timeoutSeconds: 30 },
  expiresAt: null,
};

describe('executionOf', () => {
  it('gives the worker the public fields of the task in camelCase, the attempt and the lease, as plain JSON (rule U3)', () => {
    const task = aTask({ title: 'Count', dueAt: NOW, notBefore: secondsLater(1), metadata: { a: [1] } });
    const { input } = executionOf(task, lease, null);
    expect(JSON.parse(JSON.stringify(input))).toEqual(input);
    expect(input).toMatchObject({
      attempt: 2,
      leaseId: anId(9),
      task: { title: 'Count', estimatedDuration: null, dueAt: NOW.toISOString(), metadata: { a: [1] } },
    });
    expect(Object.keys(input.task)).not.toEqual(expect.arrayContaining(['step']));
    expect(executionOf(aTask(), lease, null).input.task).toMatchObject({ dueAt: null, notBefore: null });
  });

  it('goes to the queue that the lease names, in the time that the lease has (rule U3)', () => {
    expect(executionOf(aTask(), lease, null)).toMatchObject({
      taskQueue: 'agents',
      startToCloseMs: 30_000,
      heartbeatMs: 60_000,
      scheduleToStartMs: 300_000,
    });
    const named = { type: 'temporal', task_queue: 'other' } as const;
    const times = { heartbeat_timeout_seconds: 5, schedule_to_start_timeout_seconds: 6 };
    expect(executionOf(aTask(), lease, { ...named, ...times })).toMatchObject({
      taskQueue: 'agents',
      heartbeatMs: 5_000,
      scheduleToStartMs: 6_000,
    });
    expect(executionOf(aTask(), { ...lease, workerId: 'w1' }, null).taskQueue).toBe('w1');
  });
});
