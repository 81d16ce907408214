import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClaimedWork } from '../../src/service/hopper-service.ts';
import { ClaimBody } from '../../src/domain/lease.schema.ts';
import { type TestHopper, by, eventually, startHopper, twoHops, untilStatus } from '../support/hopper.ts';
import { eventNames } from '../workflow/support/history.ts';

const UNHURRIED = new AbortController().signal;

describe('a worker', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ worker: { sweepEveryMs: 200, rereadEveryMs: 500 } });
  });
  afterAll(() => hopper.stop());

  const queued = async (fields: object = {}) => {
    const { task } = await hopper.submit({ tags: twoHops('auto'), metadata: { subtasks: ['a', 'b'] }, ...fields });
    await untilStatus(hopper, task.id, 'queued');
    return task.id;
  };
  const claim = async (wish: object = {}): Promise<ClaimedWork> => {
    const body = ClaimBody.parse({ worker_id: 'w1', request_id: randomUUID(), ...wish });
    const claimed = await hopper.service.leases.claim(hopper.idOf('auto-builds'), body, by(), UNHURRIED);
    if (claimed === null) throw new Error('nothing was claimed');
    return claimed;
  };

  it('takes a task to its end: the path is closed and the lease ended', async () => {
    const taskId = await queued();
    const { task, lease, token } = await claim();
    expect(task.id).toBe(taskId);
    await hopper.service.leases.heartbeat(lease.id, token, { note: 'half', percent: 50 });
    const done = await hopper.service.leases.complete(lease.id, token, { result: { ok: true }, output: null });
    expect(done).toMatchObject({ status: 'completed', result: { ok: true }, finishedBy: 'w1' });
    const again = await hopper.service.leases.complete(lease.id, token, { result: { ok: true }, output: null });
    expect(again.status).toBe('completed');
    const chain = await hopper.service.tasks.chain(taskId);
    expect(chain.chain.map((hop) => hop.status)).toEqual(['completed', 'completed']);
    expect(await hopper.service.leases.attempts(taskId)).toMatchObject([{ outcome: 'completed', progressPercent: 50 }]);
    await expect(
      hopper.service.leases.complete(lease.id, token, { result: 'other', output: null }),
    ).rejects.toMatchObject({ code: 'lease_conflict' });
  });

  it('adds at most 8 events to the history of a task, none of them by claim, heartbeat, question or answer (rule W7)', async () => {
    const taskId = await queued();
    const handle = hopper.temporal.workflow.getHandle(`task/${taskId}`);
    const history = async () => eventNames(await handle.fetchHistory());
    const before = await eventually(history, (names) => names.at(-1) === 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES');
    const { lease, token } = await claim();
    await hopper.service.leases.heartbeat(lease.id, token, { note: 'begun', percent: 1 });
    await hopper.service.leases.ask(lease.id, token, 'which colour?');
    await hopper.service.tasks.answer(taskId, 'blue', by());
    await hopper.service.leases.heartbeat(lease.id, token, { percent: 90 });
    await hopper.service.leases.release(lease.id, token, 'another one shall');
    const second = await claim();
    await hopper.service.leases.heartbeat(second.lease.id, second.token, { percent: 95 });
    expect(await history()).toEqual(before);
    await hopper.service.leases.complete(second.lease.id, second.token, { result: null, output: null });
    await handle.result();
    const added = (await history()).slice(before.length);
    expect(added.length).toBeLessThanOrEqual(8);
    expect(added.filter((name) => name === 'WORKFLOW_TASK_COMPLETED')).toHaveLength(1);
  });

  it('that fails as often as it may sends the task back up', async () => {
    await hopper.service.instances.patch(
      hopper.idOf('auto-builds'),
      { config: { capabilities: ['build'], max_retries: 1, retry_delay_seconds: 1 } },
      by(),
    );
    const taskId = await queued();
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { lease, token } = await claim({ wait_seconds: 10 });
      await hopper.service.leases.fail(lease.id, token, { reason: 'broken', output: 'last words' });
    }
    await untilStatus(hopper, taskId, 'queued');
    const task = await hopper.service.tasks.get(taskId);
    expect(task).toMatchObject({ instanceId: hopper.idOf('auto'), totalAttempts: 2 });
    expect(await hopper.service.leases.attempts(taskId)).toMatchObject([
      { outcome: 'failed', reason: 'broken', output: 'last words' },
      { outcome: 'failed' },
    ]);
  });
});
