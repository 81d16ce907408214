import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSuspectStore } from '../../src/use-cases/find-suspects.ts';
import { aBench, plantTree, route, submit } from './setup.ts';

const bench = aBench();

/** Sets the clock of a task back by so many seconds. */
const age = (taskId: string, seconds: number) =>
  bench().database.query(`UPDATE tasks SET updated_at = now() - $2 * interval '1 second' WHERE id = $1`, {
    bind: [taskId, seconds],
  });

async function setup(manual = false) {
  const { global } = await plantTree(bench(), manual ? { project: { acceptance: 'manual' } } : {});
  const taskId = await submit(bench(), global);
  const store = createSuspectStore(bench().database);
  const suspects = async (settleSeconds = 15) => {
    const found = [];
    for await (const page of store.pages(settleSeconds)) found.push(...page);
    return found.filter((each) => each.id === taskId);
  };
  return { global, taskId, store, suspects };
}

describe('createSuspectStore', () => {
  it('finds a task whose last step nobody has seen published, once it has settled (law 2)', async () => {
    const { taskId, suspects } = await setup();
    const { step, status } = await route(bench(), taskId);
    expect(await suspects()).toEqual([]);
    await age(taskId, 16);
    expect(await suspects()).toEqual([{ id: taskId, title: 'a task', status, step, isOverdue: false }]);
  });

  it('remembers which steps were seen, and finds the next one (law 2)', async () => {
    const { taskId, store, suspects } = await setup();
    const { step } = await route(bench(), taskId);
    await age(taskId, 16);
    await store.confirm([{ id: taskId, step: step - 1 }]);
    expect(await suspects()).toHaveLength(1);
    await store.confirm([
      { id: taskId, step },
      { id: randomUUID(), step: 1 },
    ]);
    expect(await suspects()).toEqual([]);
    await store.confirm([{ id: taskId, step: 0 }]);
    await store.confirm([]);
    expect(await suspects()).toEqual([]);
  });

  it('finds a task that routes for a minute, also when its step was seen (law 2)', async () => {
    const { taskId, store, suspects } = await setup();
    await store.confirm([{ id: taskId, step: 0 }]);
    await age(taskId, 59);
    expect(await suspects()).toEqual([]);
    expect(await store.at(taskId)).toMatchObject({ isOverdue: false });
    await age(taskId, 61);
    expect(await suspects()).toMatchObject([{ status: 'routing', isOverdue: true }]);
    expect(await store.at(taskId)).toMatchObject({ isOverdue: true });
  });

  it('finds an offer that should have ended (law 2)', async () => {
    const { taskId, store, suspects } = await setup(true);
    const { step } = await route(bench(), taskId);
    await store.confirm([{ id: taskId, step }]);
    const expire = (seconds: number) =>
      bench().models.Delegation.update({ expiresAt: new Date(Date.now() - seconds * 1_000) }, { where: { taskId } });
    await expire(-60);
    expect(await suspects()).toEqual([]);
    await expire(60);
    expect(await suspects()).toMatchObject([{ status: 'offered', isOverdue: true }]);
    expect(await store.at(taskId)).toMatchObject({ isOverdue: true });
  });

  it('answers null for a task that was deleted', async () => {
    const { taskId, store } = await setup();
    await bench().models.Task.destroy({ where: { id: taskId } });
    expect(await store.at(taskId)).toBeNull();
  });

  it('finds every suspect, a page at a time, each once', async () => {
    const { global, store } = await setup();
    const extra = await Promise.all(Array.from({ length: 420 }, () => submit(bench(), global)));
    await bench().database.query(`UPDATE tasks SET updated_at = now() - interval '30 seconds'`);
    const pages = [];
    for await (const page of store.pages(15)) pages.push(page.map((each) => each.id));
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.every((page) => page.length <= 200)).toBe(true);
    expect(new Set(pages.flat()).size).toBe(pages.flat().length);
    expect(pages.flat()).toEqual(expect.arrayContaining(extra));
  });
});
