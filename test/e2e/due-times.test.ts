import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaimBody } from '../../src/domain/lease.schema.ts';
import { type TestHopper, type Tree, by, eventually, startHopper, untilStatus } from '../support/hopper.ts';

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'team',
      scope: 'project',
      children: [
        { name: 'silent', scope: 'orchestration' },
        { name: 'climbing', scope: 'orchestration', config: { on_due_missed: 'escalate' } },
        { name: 'ending', scope: 'orchestration', config: { on_due_missed: 'cancel' } },
      ],
    },
  ],
};
const QUICK = { sweepEveryMs: 200, rereadEveryMs: 500 };

describe('a due time that passes', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ tree: TREE, worker: QUICK });
  });
  afterAll(() => hopper.stop());

  /** A task that came down to an orchestration, by hand. */
  const queuedAt = async (name: string, fields: object = {}): Promise<string> => {
    const { task } = await hopper.submit({ instance_id: hopper.idOf('team'), ...fields });
    await untilStatus(hopper, task.id, 'queued');
    const to = hopper.idOf(name);
    const command = { kind: 'reassign', targetInstanceId: to, delegationType: 'reassign', notes: null } as const;
    await hopper.service.tasks.command(task.id, command, by());
    await eventually(
      () => hopper.service.tasks.get(task.id),
      ({ status, instanceId }) => status === 'queued' && instanceId === to,
    );
    return task.id;
  };
  const dueNow = async (taskId: string, secondsAgo = 0): Promise<string> => {
    const due_at = new Date(Date.now() - secondsAgo * 1_000).toISOString();
    await hopper.service.tasks.patch(taskId, { due_at }, by());
    return due_at;
  };
  const eventsOf = async (taskId: string) =>
    (await hopper.service.tasks.events(taskId)).map(({ type, actor }) => [type, actor.name]);
  const untilMissed = (taskId: string) =>
    eventually(
      () => hopper.service.tasks.get(taskId),
      ({ missedDueAt }) => missedDueAt !== null,
    );
  const missedBy = async (taskId: string) => (await eventsOf(taskId)).filter(([type]) => type === 'due_missed');

  it('is on record once, and the task goes on as it was (rule T6)', async () => {
    const taskId = await queuedAt('silent');
    await dueNow(taskId);
    expect(await untilMissed(taskId)).toMatchObject({ status: 'queued', instanceId: hopper.idOf('silent') });
    expect((await hopper.service.tasks.explain(taskId)).headline).toMatch(/It is overdue: it was due .* ago/);
    await dueNow(taskId);
    await eventually(
      () => missedBy(taskId),
      (missed) => missed.length === 2,
    );
    await hopper.service.tasks.command(taskId, { kind: 'cancel', reason: null }, by());
  });

  it('takes the task from its worker and sends it up where the policy says so (rule T6)', async () => {
    const taskId = await queuedAt('climbing');
    const body = ClaimBody.parse({ worker_id: 'w1', request_id: randomUUID() });
    const unhurried = new AbortController().signal;
    const claimed = (await hopper.service.leases.claim(hopper.idOf('climbing'), body, by(), unhurried))!;
    const dueAt = await dueNow(taskId);
    await eventually(
      () => hopper.service.tasks.get(taskId),
      ({ status, instanceId }) => status === 'queued' && instanceId === hopper.idOf('team'),
    );
    expect((await eventsOf(taskId)).slice(-3)).toEqual([
      ['due_missed', 'hopper'],
      ['task_escalated', 'hopper'],
      ['task_queued', 'hopper'],
    ]);
    await expect(hopper.service.leases.heartbeat(claimed.lease.id, claimed.token, {})).rejects.toMatchObject({
      code: 'lease_conflict',
      message: expect.stringContaining(`left: it was due at ${dueAt}`),
    });
    await hopper.service.tasks.command(taskId, { kind: 'cancel', reason: null }, by());
  });

  it('ends the task where the policy says so, and its workflow (rule T6)', async () => {
    const taskId = await queuedAt('ending');
    const dueAt = await dueNow(taskId);
    expect(await untilStatus(hopper, taskId, 'cancelled')).toMatchObject({
      finishedBy: 'hopper',
      failure: { code: 'due_missed', reason: `it was due at ${dueAt}` },
    });
    const outcome = (await hopper.temporal.workflow.getHandle(`task/${taskId}`).result()) as { status: string };
    expect(outcome.status).toBe('cancelled');
  });

  it('while nobody ran is found at once after an hour’s outage (rule T6)', async () => {
    const taskIds = await Promise.all([queuedAt('silent'), queuedAt('climbing'), queuedAt('ending')]);
    await hopper.stopWorkers();
    for (const taskId of taskIds) await dueNow(taskId, 1_800);
    await hopper.sql.query("UPDATE sweeps SET swept_at = now() - interval '1 hour'");
    await hopper.startWorker(QUICK);
    for (const taskId of taskIds) {
      await untilMissed(taskId);
      expect(await missedBy(taskId)).toHaveLength(1);
    }
  });
});
