import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { HOPPER } from '../../src/domain/actor.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createExplainTask } from '../../src/use-cases/explain-task.ts';
import { findOverdue } from '../../src/use-cases/find-overdue.ts';
import { createPatchTask } from '../../src/use-cases/patch-task.ts';
import { anActor } from '../support/builders.ts';
import { COMPLEX, aBench, order, plantTree, route, rowOf, submit } from './setup.ts';

const bench = aBench();
const PAST = '2026-01-01T00:00:00.000Z';

async function overdueIds(): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const page of findOverdue(bench().database)) ids.push(...page.map(({ id }) => id));
  return ids;
}

/** A task that is queued at the orchestration, two levels below its entry. */
async function queued(config: object = {}, dueAt: string | null = PAST) {
  const tree = await plantTree(bench(), { orchestration: config });
  const taskId = await submit(bench(), tree.global, { ...COMPLEX, dueAt });
  await route(bench(), taskId);
  const task = async () => (await bench().repositories.tasks.get(null, taskId))!;
  const typesNow = async () => (await bench().reads.eventsOfTask(taskId)).map(({ type }) => type);
  return { ...tree, taskId, task, typesNow };
}

/** What the workflow does when it is told to read its row again. */
async function reread(taskId: string) {
  const { overdueAt, step } = rowOf(await bench().useCases.readTask({ taskId }));
  if (overdueAt === undefined) return null;
  const commandId = `overdue/${overdueAt}/${String(step)}`;
  return order(bench(), taskId, { kind: 'overdue', dueAt: overdueAt }, { by: HOPPER, via: 'hopper', commandId });
}

describe('findOverdue', () => {
  it('finds open tasks whose due time has passed, and no others (rule T6)', async () => {
    const { taskId } = await queued();
    const { taskId: later } = await queued({}, '2100-01-01T00:00:00Z');
    const { taskId: never } = await queued({}, null);
    const { taskId: ended } = await queued();
    await order(bench(), ended, { kind: 'cancel' });
    const { taskId: ancient } = await queued({}, '0001-01-01T00:00:00Z');
    const found = await overdueIds();
    expect(found).toEqual(expect.arrayContaining([taskId, ancient]));
    for (const other of [later, never, ended]) expect(found).not.toContain(other);
  });

  it('finds each once, a page of 500 at a time, those first that were due first', async () => {
    const { global } = await plantTree(bench());
    await bench().database.query(
      `INSERT INTO tasks (id, title, entry_instance_id, instance_id, due_at)
       SELECT gen_random_uuid(), 'crowd', $1, $1, timestamptz '2020-01-01' + (n % 7) * interval '1 s' FROM generate_series(1, 1203) n`,
      { bind: [global.id] },
    );
    const sizes: number[] = [];
    const times: number[] = [];
    const ids: string[] = [];
    for await (const page of findOverdue(bench().database)) {
      sizes.push(page.length);
      times.push(...page.map(({ dueAt }) => dueAt.getTime()));
      ids.push(...page.map(({ id }) => id));
    }
    expect(Math.max(...sizes)).toBe(500);
    expect(ids.length).toBeGreaterThanOrEqual(1_203);
    expect(new Set(ids).size).toBe(ids.length);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('looks at an index that has only what is to be found', async () => {
    const plan = await bench().database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM tasks WHERE due_at IS NOT NULL AND finished_at IS NULL
         AND missed_due_at IS DISTINCT FROM due_at AND due_at <= now() ORDER BY due_at, id LIMIT 500`,
      { type: QueryTypes.SELECT },
    );
    expect(JSON.stringify(plan)).toContain('ix_tasks_due');
  });
});

describe('a due time that has passed', () => {
  it('is on record once, however often it is found, and the task stays as it is (rule T6)', async () => {
    const { taskId, task, typesNow } = await queued();
    const before = await task();
    await reread(taskId);
    expect(await reread(taskId)).toBeNull();
    expect((await typesNow()).filter((type) => type === 'due_missed')).toHaveLength(1);
    expect(await overdueIds()).not.toContain(taskId);
    expect(await task()).toEqual({
      ...before,
      missedDueAt: new Date(PAST),
      step: before.step + 1,
      updatedAt: expect.any(Date),
    });
  });

  it('is on record once though many workers find it at once (rule T6)', async () => {
    const { taskId, typesNow } = await queued({ on_due_missed: 'cancel' });
    const { step } = rowOf(await bench().useCases.readTask({ taskId }));
    const command = { kind: 'overdue', dueAt: PAST } as const;
    await Promise.all(
      Array.from({ length: 8 }, () => order(bench(), taskId, command, { by: HOPPER, expectedStep: step })),
    );
    expect((await typesNow()).slice(-2)).toEqual(['due_missed', 'task_cancelled']);
    expect((await typesNow()).filter((type) => type === 'due_missed')).toHaveLength(1);
  });

  it('is known when its command runs a second time, also one that made the task climb (rule T6, law 3)', async () => {
    const { taskId, typesNow, project } = await queued({ on_due_missed: 'escalate' });
    const { step } = rowOf(await bench().useCases.readTask({ taskId }));
    const command = { kind: 'overdue', dueAt: PAST } as const;
    const given = { by: HOPPER, commandId: 'overdue/once', expectedStep: step };
    const first = await order(bench(), taskId, command, given);
    expect(await order(bench(), taskId, command, given)).toMatchObject({ verdict: 'done', row: rowOf(first) });
    expect(rowOf(first)).toMatchObject({ status: 'routing', holder: { id: project.id }, step: step + 2 });
    expect((await typesNow()).slice(-2)).toEqual(['due_missed', 'task_escalated']);
  });

  it('ends the lease of the worker that still has the task, and the task climbs (rule T6)', async () => {
    const { taskId, orchestration, project, task } = await queued({ on_due_missed: 'escalate' });
    const wish = { instanceId: orchestration.id, workerId: 'w1', requestId: randomUUID(), skills: null };
    const claimed = (await createClaimTask(bench())({ ...wish, actor: anActor('w1') }))!;
    await reread(taskId);
    expect(await task()).toMatchObject({ status: 'routing', instanceId: project.id });
    expect(await bench().repositories.leases.get(null, claimed.lease.id)).toMatchObject({
      outcome: 'left',
      reason: `it was due at ${PAST}`,
    });
    expect(await route(bench(), taskId)).toMatchObject({ status: 'queued', holder: { id: project.id } });
  });

  it('leaves a worker its lease where the policy says nothing (rule T6)', async () => {
    const { taskId, orchestration, task } = await queued();
    const wish = { instanceId: orchestration.id, workerId: 'w1', requestId: randomUUID(), skills: null };
    const { lease } = (await createClaimTask(bench())({ ...wish, actor: anActor('w1') }))!;
    await reread(taskId);
    expect(await task()).toMatchObject({ status: 'in_progress' });
    expect(await bench().repositories.leases.extend(lease.id, lease.attempt)).not.toBeNull();
  });

  it.each([
    ['what the policy of the Global says of a task that is offered', { on_due_missed: 'cancel' }, 'cancelled'],
    ['nothing where the policy is silent', {}, 'offered'],
  ] as const)('comes to %s (rules T6 and Y2)', async (_what, config, status) => {
    const { global } = await plantTree(bench(), { global: config, project: { acceptance: 'manual' } });
    const taskId = await submit(bench(), global, { dueAt: PAST });
    await route(bench(), taskId);
    await reread(taskId);
    expect((await bench().repositories.tasks.get(null, taskId))?.status).toBe(status);
    const { chain } = { chain: await bench().repositories.delegations.getDelegationChain(null, taskId) };
    expect(chain.at(-1)?.status).toBe(status === 'cancelled' ? 'cancelled' : 'pending');
  });

  it('can be missed again once it is changed, and to an earlier one too (rule T6)', async () => {
    const { taskId, typesNow } = await queued();
    await reread(taskId);
    const patch = (due_at: string | null) => createPatchTask(bench())(taskId, { due_at }, anActor('ana'), randomUUID());
    await patch('2100-01-01T00:00:00Z');
    expect(await overdueIds()).not.toContain(taskId);
    await patch('2026-01-02T00:00:00Z');
    expect(await overdueIds()).toContain(taskId);
    await reread(taskId);
    await patch(PAST);
    await reread(taskId);
    expect((await typesNow()).filter((type) => type === 'due_missed')).toHaveLength(3);
    expect(await overdueIds()).not.toContain(taskId);
    await patch(null);
    expect(await overdueIds()).not.toContain(taskId);
  });

  it('is explained, and changes nothing of since when it waits (rules T6 and X1)', async () => {
    const { taskId } = await queued();
    const before = await createExplainTask(bench())(taskId);
    await reread(taskId);
    const after = await createExplainTask(bench())(taskId);
    expect(before.headline).toMatch(/It is overdue: it was due .* ago/);
    expect(after.waitsFor?.since).toEqual(before.waitsFor?.since);
  });
});
