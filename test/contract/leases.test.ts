import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { CLAIM } from '../../src/persistence/repositories/lease-statements.ts';
import { type ClaimAsk, createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createGiveBack } from '../../src/use-cases/give-back.ts';
import { createSweepLeases } from '../../src/use-cases/sweep-leases.ts';
import { anActor } from '../support/builders.ts';
import { aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();

const wishOf = (instanceId: string, overrides: Partial<ClaimAsk> = {}): ClaimAsk => ({
  instanceId,
  workerId: 'w1',
  requestId: randomUUID(),
  skills: null,
  actor: { name: 'w1', role: 'worker', subtree: null },
  ...overrides,
});
const claim = (instanceId: string, overrides: Partial<ClaimAsk> = {}) =>
  createClaimTask(bench())(wishOf(instanceId, overrides));

/** An orchestration with its tasks queued, in the order of submission. */
async function queue(tasks: readonly object[], config: object = {}) {
  const { orchestration, project } = await plantTree(bench(), { orchestration: config });
  const ids: string[] = [];
  for (const fields of tasks) {
    const id = await submit(bench(), orchestration, fields);
    await route(bench(), id);
    ids.push(id);
  }
  return { orchestration, project, ids };
}

const statusOf = async (taskId: string) => (await bench().repositories.tasks.get(null, taskId))?.status;

describe('a claim', () => {
  it('takes the most urgent task first, then the oldest (rule W1)', async () => {
    const priorities = ['low', 'medium', 'urgent', 'medium', 'high'] as const;
    const { orchestration, ids } = await queue(priorities.map((priority) => ({ priority })));
    const order: number[] = [];
    for (let count = 0; count < ids.length; count += 1) {
      const claimed = await claim(orchestration.id);
      order.push(ids.indexOf(claimed?.task.id ?? ''));
    }
    expect(order).toEqual([2, 4, 1, 3, 0]);
  });

  it('takes a task of low priority that has waited long enough before an urgent one (rule W1)', async () => {
    const { orchestration, ids } = await queue([{ priority: 'low' }, { priority: 'urgent' }]);
    const waited = "UPDATE tasks SET queued_at = now() - interval '3 hours 1 minute' WHERE id = $1";
    await bench().database.query(waited, { bind: [ids[0]] });
    expect((await claim(orchestration.id))?.task.id).toBe(ids[0]);
  });

  it('takes a task of low priority after the urgent ones of three hours, however many more come (rule W1)', async () => {
    const submitted = await queue([{ priority: 'low' }], { max_concurrent_tasks: 100 });
    const { orchestration } = submitted;
    const began = "date_trunc('minute', now()) - interval '10 hours'";
    const waitingSince = (id: string, minutes: number) =>
      bench().database.query(`UPDATE tasks SET queued_at = ${began} + $2 * interval '1 minute' WHERE id = $1`, {
        bind: [id, minutes],
      });
    const [low = ''] = submitted.ids;
    await waitingSince(low, 0);
    let urgent = 0;
    const oneMoreComes = async () => {
      const id = await submit(bench(), orchestration, { priority: 'urgent' });
      await route(bench(), id);
      await waitingSince(id, 10 * urgent + 5);
      urgent += 1;
    };
    for (let count = 0; count < 3; count += 1) await oneMoreComes();
    const taken: string[] = [];
    while (!taken.includes(low) && taken.length < 30) {
      taken.push((await claim(orchestration.id))?.task.id ?? '');
      await oneMoreComes();
    }
    expect(taken.indexOf(low)).toBe((3 * 60) / 10);
  });

  it('puts the task in progress, with an event that names worker, attempt and slot, and no step (rules W2 and W7)', async () => {
    const { orchestration, ids } = await queue([{}]);
    const before = await bench().repositories.tasks.get(null, ids[0] ?? '');
    const claimed = await claim(orchestration.id);
    expect(claimed).toMatchObject({ task: { status: 'in_progress', step: before?.step }, lease: { attempt: 1 } });
    const events = await bench().reads.eventsOfTask(ids[0] ?? '');
    expect(events.at(-1)).toMatchObject({
      type: 'task_claimed',
      actor: { name: 'w1', role: 'worker' },
      data: { lease_id: claimed?.lease.id, worker_id: 'w1', attempt: 1, status: 'in_progress' },
    });
  });

  it('is answered again for the same request, and refused once its lease has ended (rule W2)', async () => {
    const { orchestration } = await queue([{}, {}]);
    const requestId = randomUUID();
    const first = await claim(orchestration.id, { requestId });
    const again = await claim(orchestration.id, { requestId });
    expect(again?.lease.id).toBe(first?.lease.id);
    await createGiveBack(bench()).release(first!.lease, anActor('w1'), null);
    await expect(claim(orchestration.id, { requestId })).rejects.toMatchObject({ code: 'lease_conflict' });
  });

  it('finds nothing where nothing is queued, before its time, or at rest (rule W1)', async () => {
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const { orchestration } = await queue([{ notBefore: later }]);
    expect(await claim(orchestration.id)).toBeNull();
  });

  it('gives a worker with skills only what fits them (rule W1)', async () => {
    const { orchestration, ids } = await queue([
      { tags: ['python'] },
      { metadata: { skills: ['Go', 'sql'] } },
      { tags: [] },
    ]);
    const [python, both, any] = ids;
    expect((await claim(orchestration.id, { skills: ['go'] }))?.task.id).toBe(any);
    expect(await claim(orchestration.id, { skills: ['go'] })).toBeNull();
    expect((await claim(orchestration.id, { skills: [' SQL ', 'go'] }))?.task.id).toBe(both);
    expect((await claim(orchestration.id, { skills: ['python'] }))?.task.id).toBe(python);
  });

  it.each(['paused', 'stopping', 'stopped'] as const)('at an instance that is %s says so (rule W3)', async (status) => {
    const { orchestration } = await queue([{}]);
    await bench().models.Instance.update({ status }, { where: { id: orchestration.id } });
    await expect(claim(orchestration.id)).rejects.toMatchObject({
      code: 'instance_conflict',
      message: expect.stringContaining(`is ${status}: it hands out nothing`),
    });
  });

  it('never goes over max_concurrent_tasks, however many ask at once, and no task is handed out twice (rule W3)', async () => {
    const { orchestration } = await queue(
      Array.from({ length: 12 }, () => ({})),
      { max_concurrent_tasks: 5 },
    );
    const claims = await Promise.all(Array.from({ length: 30 }, () => claim(orchestration.id)));
    const tasks = claims.flatMap((each) => (each === null ? [] : [each.task.id]));
    expect(tasks).toHaveLength(5);
    expect(new Set(tasks).size).toBe(5);
    expect(await claim(orchestration.id)).toBeNull();
  });

  it('uses every slot, and one again that has become free (rule W3)', async () => {
    const { orchestration } = await queue([{}, {}, {}, {}], { max_concurrent_tasks: 3 });
    const claims = [await claim(orchestration.id), await claim(orchestration.id), await claim(orchestration.id)];
    expect(claims.map((each) => each?.lease.slotNo).toSorted()).toEqual([0, 1, 2]);
    expect(await claim(orchestration.id)).toBeNull();
    await createGiveBack(bench()).release(claims[1]!.lease, anActor('w1'), null);
    expect((await claim(orchestration.id))?.lease.slotNo).toBe(claims[1]?.lease.slotNo);
  });

  it('hands out nothing where there are no slots (rule W3)', async () => {
    const { orchestration } = await queue([{}], { max_concurrent_tasks: 0 });
    expect(await claim(orchestration.id)).toBeNull();
  });

  it('looks at a few slots only, however many there are (rule W3)', async () => {
    const { orchestration } = await queue([{}]);
    const skills = null;
    const bind = [orchestration.id, 1_000_000, skills, randomUUID(), 'w1', randomUUID(), 300, '{"name": "w1"}', null];
    const explain = `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${CLAIM.aging.text}`;
    const plan = await bench().database.query<{ 'QUERY PLAN': string }>(explain, { bind, type: QueryTypes.SELECT });
    const rows = plan.flatMap((line) => /rows=(\d+)/.exec(line['QUERY PLAN'])?.[1] ?? []).map(Number);
    expect(rows.length).toBeGreaterThan(5);
    expect(Math.max(...rows)).toBeLessThan(100);
  });

  it('works at a project that does its own tasks (rule W3)', async () => {
    const project = await plant(bench(), { scope: 'project', parentId: (await plant(bench())).id });
    const taskId = await submit(bench(), project);
    await route(bench(), taskId);
    expect((await claim(project.id))?.task.id).toBe(taskId);
  });
});

describe('a failed attempt', () => {
  it('is tried again after a rest that doubles, in its old place, then climbs to the project (rule W4)', async () => {
    const { orchestration, project, ids } = await queue([{}], { max_retries: 2, retry_delay_seconds: 10 });
    const taskId = ids[0] ?? '';
    const rests: number[] = [];
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const claimed = await claim(orchestration.id);
      expect(await createGiveBack(bench()).fail(claimed!.lease, anActor('w1'), 'broken')).toBe('done');
      const task = await bench().repositories.tasks.get(null, taskId);
      expect(task).toMatchObject({ status: 'queued', hopAttempts: attempt, totalAttempts: attempt });
      rests.push(Math.round((task!.availableAt!.getTime() - task!.updatedAt.getTime()) / 1_000));
      expect(await claim(orchestration.id)).toBeNull();
      await bench().database.query('UPDATE tasks SET available_at = NULL WHERE id = $1', { bind: [taskId] });
    }
    expect(rests).toEqual([10, 20]);
    const last = await claim(orchestration.id);
    expect(await createGiveBack(bench()).fail(last!.lease, anActor('w1'), 'broken')).toBe('exhausted');
    expect(await statusOf(taskId)).toBe('in_progress');
    await order(bench(), taskId, { kind: 'fail', leaseId: last!.lease.id, reason: 'broken' });
    const climbed = await bench().repositories.tasks.get(null, taskId);
    expect(climbed).toMatchObject({ status: 'failed', totalAttempts: 3 });
    expect(project.id).not.toBe(orchestration.id);
    const leases = await bench().repositories.leases.ofTask(taskId);
    expect(leases.map((each) => each.outcome)).toEqual(['failed', 'failed', 'failed']);
  });

  it('ends nothing twice: a repeat is done, and a lease that has ended is a conflict (rule W6)', async () => {
    const { orchestration } = await queue([{}]);
    const { lease } = (await claim(orchestration.id))!;
    const giveBack = createGiveBack(bench());
    expect(await giveBack.release(lease, anActor('w1'), 'tired')).toBe('done');
    expect(await giveBack.release(lease, anActor('w1'), 'tired')).toBe('done');
    await expect(giveBack.fail(lease, anActor('w1'), 'late')).rejects.toMatchObject({ code: 'lease_conflict' });
  });
});

describe('a worker that is not heard', () => {
  const late = (leaseId: string, seconds: number) =>
    bench().database.query(`UPDATE leases SET expires_at = now() - $2 * interval '1 second' WHERE id = $1`, {
      bind: [leaseId, seconds],
    });

  it('loses its task once time and grace are over, and not before (rule W5)', async () => {
    const { orchestration, ids } = await queue([{}], { worker_timeout_seconds: 30 });
    const sweep = createSweepLeases(bench(), createGiveBack(bench()));
    const { lease } = (await claim(orchestration.id))!;
    await late(lease.id, 9);
    await sweep(3);
    expect(await statusOf(ids[0] ?? '')).toBe('in_progress');
    await late(lease.id, 11);
    await sweep(3);
    expect(await statusOf(ids[0] ?? '')).toBe('queued');
    expect(await bench().repositories.leases.extend(lease.id, lease.attempt)).toBeNull();
  });

  it('keeps it if it was we who were away (rule W5)', async () => {
    const { orchestration, ids } = await queue([{}]);
    const { lease } = (await claim(orchestration.id))!;
    await late(lease.id, 10_000);
    await bench().database.query("UPDATE sweeps SET swept_at = now() - interval '1 hour'");
    const sweep = createSweepLeases(bench(), createGiveBack(bench()));
    expect(await sweep(3)).toMatchObject({ wasAway: true });
    expect(await sweep(3)).toMatchObject({ wasAway: false, expired: 0 });
    expect(await statusOf(ids[0] ?? '')).toBe('in_progress');
  });

  it('and has used up its attempts is left to the workflow, which ends the lease (rule W5)', async () => {
    const { orchestration, ids } = await queue([{}], { retry_on_failure: false });
    const taskId = ids[0] ?? '';
    const { lease } = (await claim(orchestration.id))!;
    await late(lease.id, 10_000);
    const sweep = createSweepLeases(bench(), createGiveBack(bench()));
    expect((await sweep(3)).exhausted).toContain(taskId);
    await order(bench(), taskId, { kind: 'lapse', leaseId: lease.id });
    expect(await statusOf(taskId)).toBe('failed');
    expect(await bench().repositories.leases.get(null, lease.id)).toMatchObject({ outcome: 'expired' });
  });
});
