import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ADMIN } from '../../src/domain/actor.ts';
import { TaskStart } from '../../src/domain/task.schema.ts';
import { TASK_STATUSES, isFinal } from '../../src/domain/task.ts';
import { createRetryTask } from '../../src/use-cases/retry-task.ts';
import { anActor } from '../support/builders.ts';
import { aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const ana = anActor('ana');

const retry = (taskId: string, overrides: { copyId?: string; commandId?: string } = {}) =>
  createRetryTask(bench())(taskId, { copyId: randomUUID(), commandId: randomUUID(), actor: ana, ...overrides });
const taskOf = async (taskId: string) => (await bench().repositories.tasks.get(null, taskId))!;
const eventsOf = (taskId: string) => bench().reads.eventsOfTask(taskId);

const WISHES = {
  title: 'Split the invoices',
  description: 'all of them',
  tags: ['billing'],
  priority: 'high',
  estimatedDuration: 30,
  metadata: { a: [1, null] },
  requester: 'bob',
  externalRef: 'JIRA-1',
} as const;

async function ended(fields: object = {}) {
  const tree = await plantTree(bench());
  const taskId = await submit(bench(), tree.orchestration, { ...WISHES, ...fields });
  await route(bench(), taskId);
  await order(bench(), taskId, { kind: 'complete', result: 'done' });
  return { ...tree, taskId };
}

describe('createRetryTask', () => {
  it('puts a copy on record of what was wanted, not of what came of it (rule T7)', async () => {
    const { taskId, orchestration } = await ended();
    const { task, isNew } = await retry(taskId);
    expect(isNew).toBe(true);
    expect(task).toMatchObject({
      ...WISHES,
      ...{ retryOf: taskId, status: 'routing', step: 0, result: null, failure: null, finishedBy: null },
      ...{ entryInstanceId: orchestration.id, instanceId: orchestration.id, totalAttempts: 0, exclusions: [] },
    });
    expect(await route(bench(), task.id)).toMatchObject({ status: 'queued' });
    expect(await taskOf(taskId)).toMatchObject({ status: 'completed', result: 'done', retryOf: null });
  });

  it('is on record at both tasks, by whom (rule T7)', async () => {
    const { taskId } = await ended();
    const { task } = await retry(taskId);
    expect((await eventsOf(taskId)).at(-1)).toMatchObject({
      type: 'task_retried',
      actor: { name: 'ana' },
      data: { retried_as: task.id },
    });
    expect(await eventsOf(task.id)).toMatchObject([
      { type: 'task_submitted', actor: { name: 'ana' }, data: { retry_of: taskId } },
    ]);
  });

  it('takes the times over only if they are still to come (rule T7)', async () => {
    const [past, future] = ['2026-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z'];
    const early = await ended({ dueAt: past, notBefore: future });
    expect((await retry(early.taskId)).task).toMatchObject({ dueAt: null, notBefore: new Date(future) });
    const late = await ended({ dueAt: future, notBefore: past });
    expect((await retry(late.taskId)).task).toMatchObject({ dueAt: new Date(future), notBefore: null });
  });

  it('gives the same copy to the same command, also to many at once (rule T7)', async () => {
    const { taskId } = await ended();
    const ask = { copyId: randomUUID(), commandId: 'retry/ana/once' };
    const all = await Promise.all(Array.from({ length: 6 }, () => retry(taskId, ask)));
    expect(all.map(({ isNew }) => isNew).filter(Boolean)).toHaveLength(1);
    expect(new Set(all.map(({ task }) => task.id))).toEqual(new Set([ask.copyId]));
    expect((await eventsOf(taskId)).filter(({ type }) => type === 'task_retried')).toHaveLength(1);
    await bench().models.Task.destroy({ where: { id: ask.copyId } });
    await expect(retry(taskId, ask)).rejects.toMatchObject({ code: 'task_exists' });
  });

  it('enters anew where it was left to Hopper, and so does a copy of the copy (rule T7)', async () => {
    const stop = (id: string) => bench().models.Instance.update({ status: 'stopped' }, { where: { id } });
    await bench().models.Instance.update({ status: 'stopped' }, { where: { scope: 'global' } });
    const global = await plant(bench());
    const start = TaskStart.parse({ id: randomUUID(), title: 'wherever' });
    await bench().useCases.admitTask(start, ADMIN);
    await order(bench(), start.id, { kind: 'cancel' });
    const next = await plant(bench());
    await stop(global.id);
    const { task } = await retry(start.id);
    expect(task.entryInstanceId).toBe(next.id);
    await order(bench(), task.id, { kind: 'cancel' });
    await stop(next.id);
    const last = await plant(bench());
    expect((await retry(task.id)).task).toMatchObject({ entryInstanceId: last.id, retryOf: task.id });
  });

  it('enters where its parent had it, if it is a part (rule T7)', async () => {
    const { taskId, project } = await ended();
    const parentId = await submit(bench(), project);
    const asPart = "UPDATE tasks SET parent_task_id = $2, part_key = 'a', part_depth = 1, part_no = 0 WHERE id = $1";
    await bench().database.query(asPart, { bind: [taskId, parentId] });
    const { task } = await retry(taskId);
    expect(task).toMatchObject({ entryInstanceId: (await taskOf(taskId)).entryInstanceId, parentTaskId: null });
  });

  it('is refused where the entry takes nothing any more, and writes nothing', async () => {
    const { taskId, orchestration } = await ended();
    await bench().models.Instance.update({ status: 'stopped' }, { where: { id: orchestration.id } });
    await expect(retry(taskId)).rejects.toMatchObject({ code: 'entry_unavailable' });
    expect((await eventsOf(taskId)).at(-1)?.type).toBe('task_completed');
  });

  it.each(TASK_STATUSES)('of a task that is %s is done or refused with that word (rule T7)', async (status) => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    const at = { finishedAt: isFinal(status) ? new Date() : null, blockedOn: status === 'blocked' ? 'held' : null };
    await bench().models.Task.update({ status, ...at }, { where: { id: taskId } });
    const outcome = await retry(taskId).catch((error: unknown) => error);
    if (isFinal(status)) expect(outcome).toMatchObject({ isNew: true });
    else
      expect(outcome).toMatchObject({
        code: 'task_conflict',
        message: `task is ${status}: only a task that has ended is retried`,
      });
  });

  it('leaves the copy alone when the task that it was made of is deleted', async () => {
    const { taskId } = await ended();
    const { task } = await retry(taskId);
    await bench().models.Task.destroy({ where: { id: taskId } });
    expect(await taskOf(task.id)).toMatchObject({ retryOf: taskId, status: 'routing' });
    await expect(retry(taskId)).rejects.toMatchObject({ code: 'task_not_found' });
  });
});
