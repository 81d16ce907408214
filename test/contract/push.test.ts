import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Execution, PushResult } from '../../src/domain/execution.ts';
import type { InstanceConfig } from '../../src/domain/instance.schema.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createGiveBack } from '../../src/use-cases/give-back.ts';
import { createSweepLeases } from '../../src/use-cases/sweep-leases.ts';
import { aBench, order, plantTree, route, submit } from './setup.ts';

const bench = aBench();

const EXECUTOR = { type: 'temporal', task_queue: 'agents' } as const;

/** A push instance with its tasks queued, in the order of submission. */
async function queue(tasks: readonly object[], config: InstanceConfig = {}) {
  const { orchestration } = await plantTree(bench(), { orchestration: { executor: EXECUTOR, ...config } });
  const ids: string[] = [];
  for (const fields of tasks) {
    const id = await submit(bench(), orchestration, fields);
    await route(bench(), id);
    ids.push(id);
  }
  return { orchestration, ids };
}

const many = (count: number): object[] => Array.from({ length: count }, () => ({}));
const push = (taskId: string, request = `push/${randomUUID()}`): Promise<PushResult> =>
  bench().useCases.pushTask({ taskId, request });
const executionIn = (result: PushResult): Execution | null => (result.verdict === 'done' ? result.execution : null);
const sweep = () => createSweepLeases(bench(), createGiveBack(bench()))(3);
const openLeases = async (instanceId: string): Promise<number> => {
  const sql = 'SELECT count(*)::int AS open FROM leases WHERE instance_id = $1 AND ended_at IS NULL';
  const [[row]] = (await bench().database.query(sql, { bind: [instanceId] })) as unknown as [[{ open: number }]];
  return row.open;
};

describe('a task at a push instance', () => {
  it('takes a slot with a lease that never lapses by itself, and is on record with its queue (rule U2)', async () => {
    const { orchestration, ids } = await queue([{ metadata: { worker_timeout_seconds: 77 } }]);
    const [taskId = ''] = ids;
    const before = await bench().repositories.tasks.get(null, taskId);
    const result = await push(taskId);
    expect(executionIn(result)).toMatchObject({
      taskQueue: 'agents',
      workerId: 'temporal:agents',
      startToCloseMs: 77_000,
      input: { attempt: 1, task: { id: taskId, instanceId: orchestration.id } },
    });
    expect(result).toMatchObject({ row: { status: 'in_progress', step: before?.step, push: { attempt: 1 } } });
    expect(await bench().repositories.leases.ofTask(taskId)).toMatchObject([
      { workerId: 'temporal:agents', expiresAt: null, timeoutSeconds: 77, endedAt: null },
    ]);
    const events = await bench().reads.eventsOfTask(taskId);
    expect(events.at(-1)).toMatchObject({ type: 'task_claimed', data: { worker_id: 'temporal:agents', attempt: 1 } });
  });

  it('never opens more leases than slots, with thirty tasks at once, and the sweep names who is next (rule U2)', async () => {
    const { orchestration, ids } = await queue(many(30), { max_concurrent_tasks: 4 });
    const begun: Execution[] = [];
    while (begun.length < ids.length) {
      const results = await Promise.all(ids.map((taskId) => push(taskId)));
      const now = results.map(executionIn).filter((each) => each !== null);
      expect(now).toHaveLength(Math.min(4, ids.length - begun.length));
      expect(await openLeases(orchestration.id)).toBe(now.length);
      expect((await sweep()).pushable.filter((id) => ids.includes(id))).toEqual([]);
      begun.push(...now);
      for (const { leaseId, input } of now)
        await order(bench(), input.task.id, { kind: 'complete', leaseId, result: null });
      const left = ids.filter((id) => !begun.some(({ input }) => input.task.id === id));
      const { pushable } = await sweep();
      expect(pushable.filter((id) => ids.includes(id))).toEqual(left.slice(0, 4));
    }
  });

  it('finds its own lease again when the same wish is made twice, and no second one (law 3)', async () => {
    const { orchestration, ids } = await queue([{}]);
    const first = executionIn(await push(ids[0] ?? '', 'push/run/1'));
    expect(executionIn(await push(ids[0] ?? '', 'push/run/1'))).toEqual(first);
    expect(executionIn(await push(ids[0] ?? '', 'push/run/2'))).toBeNull();
    expect(await openLeases(orchestration.id)).toBe(1);
  });

  it('takes none with the wish that had a lease which has ended (law 3)', async () => {
    const { ids } = await queue([{}]);
    const [taskId = ''] = ids;
    const { leaseId } = executionIn(await push(taskId, 'push/run/1'))!;
    await order(bench(), taskId, { kind: 'end_attempt', leaseId, outcome: 'untried', reason: 'nobody' });
    await bench().database.query('UPDATE tasks SET available_at = NULL WHERE id = $1', { bind: [taskId] });
    expect(executionIn(await push(taskId, 'push/run/1'))).toBeNull();
    expect(executionIn(await push(taskId, 'push/run/2'))).toMatchObject({ input: { attempt: 2 } });
  });

  it('rests after a failed attempt and before its time, and says how long (rule U2)', async () => {
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const { ids } = await queue([{}, { notBefore: later }], { retry_delay_seconds: 100 });
    const [failing = '', early = ''] = ids;
    const { leaseId } = executionIn(await push(failing))!;
    const end = { kind: 'end_attempt', leaseId, outcome: 'failed', reason: 'broken' } as const;
    const again = await order(bench(), failing, end, { commandId: `push/${leaseId}` });
    expect(await order(bench(), failing, end, { commandId: `push/${leaseId}` })).toMatchObject({ verdict: 'done' });
    expect(again).toMatchObject({ row: { status: 'queued', push: { leaseId: null, waitMs: 100_000 } } });
    const result = await push(early);
    expect(executionIn(result)).toBeNull();
    expect((result as { row: { push: { waitMs: number } } }).row.push.waitMs).toBeGreaterThan(3_000_000);
    expect(executionIn(await push(failing))).toBeNull();
    expect((await sweep()).pushable.filter((id) => ids.includes(id))).toEqual([]);
    expect(await bench().repositories.tasks.get(null, failing)).toMatchObject({ totalAttempts: 1 });
  });

  it.each(['paused', 'stopping', 'stopped'] as const)(
    'gets nothing while its instance is %s (rules U2 and W3)',
    async (status) => {
      const { orchestration, ids } = await queue([{}]);
      await bench().models.Instance.update({ status }, { where: { id: orchestration.id } });
      expect(executionIn(await push(ids[0] ?? ''))).toBeNull();
      expect((await sweep()).pushable).not.toContain(ids[0]);
    },
  );

  it('is in the hands of the sweep by the slots of its scope where its instance says nothing (rule U2)', async () => {
    const { ids } = await queue(many(12));
    expect((await sweep()).pushable.filter((id) => ids.includes(id))).toEqual(ids.slice(0, 10));
  });

  it('is claimed by nobody, and the words say why (rule U1)', async () => {
    const { orchestration } = await queue([{}]);
    const wish = { workerId: 'w1', requestId: randomUUID(), skills: null };
    const actor = { name: 'w1', role: 'worker', subtree: null } as const;
    await expect(createClaimTask(bench())({ ...wish, actor, instanceId: orchestration.id })).rejects.toMatchObject({
      code: 'instance_conflict',
      message: expect.stringMatching(/is a push instance: .* task queue "agents", nobody claims it/),
    });
  });

  it('is left alone if it has gone on, or was deleted (rule U2)', async () => {
    const { ids } = await queue([{}]);
    await order(bench(), ids[0] ?? '', { kind: 'cancel' });
    expect(await push(ids[0] ?? '')).toMatchObject({ verdict: 'done', row: { status: 'cancelled' }, execution: null });
    expect(await push(randomUUID())).toEqual({ verdict: 'gone' });
  });

  it('is no push task at an instance that hands its work out (rule U1)', async () => {
    const { orchestration } = await plantTree(bench());
    const taskId = await submit(bench(), orchestration);
    expect(await route(bench(), taskId)).not.toHaveProperty('push');
    expect(executionIn(await push(taskId))).toBeNull();
    await bench().models.Instance.update({ config: { executor: EXECUTOR } }, { where: { id: orchestration.id } });
    expect((await sweep()).pushable).toContain(taskId);
    expect(executionIn(await push(taskId))).not.toBeNull();
  });
});
