import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaimResponse } from '../../src/domain/lease.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { type Tree, untilStatus } from '../support/hopper.ts';
import { startApi, type TestApi } from './api.ts';

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    { name: 'team', scope: 'project' },
    { name: 'careful', scope: 'project', config: { capabilities: ['careful'], acceptance: 'manual' } },
  ],
};
const PARTS = [{ title: 'build' }, { title: 'ship', after: ['1'] }];

describe('POST /tasks/:id/decompose', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ tree: TREE });
  });
  afterAll(() => api.stop());

  const queued = async (): Promise<string> => {
    const { task } = await api.hopper.submit({ tags: [], instance_id: api.hopper.idOf('team') });
    await untilStatus(api.hopper, task.id, 'queued');
    return task.id;
  };
  const split = (id: string, body: object) => api.post(`/tasks/${id}/decompose`, body);
  const claim = async () =>
    (await api.post(`/instances/${api.hopper.idOf('team')}/claim`, { worker_id: 'w' })).as(ClaimResponse);

  it('answers the task as it waits, and lists its parts (rule J1)', async () => {
    const id = await queued();
    const whole = (await split(id, { parts: PARTS, join: 'any' })).as(TaskResponse);
    expect(whole).toMatchObject({ id, status: 'waiting', join: 'any', part_key: null });
    const { items } = (await api.get(`/tasks?parent_task_id=${id}`)).json() as { items: TaskResponse[] };
    expect(items.map((each) => [each.part_key, each.parent_task_id]).sort()).toEqual([
      ['1', id],
      ['2', id],
    ]);
    expect((await api.post(`/tasks/${id}/cancel`, {})).status).toBe(200);
  });

  it.each<[string, object, [string, string][]]>([
    ['no parts', {}, [['parts', 'expected array']]],
    ['an empty list', { parts: [] }, [['parts', 'must have at least one part']]],
    [
      '501 parts',
      { parts: Array.from({ length: 501 }, () => ({ title: 'x' })) },
      [['parts', 'must have at most 500 parts']],
    ],
    ['a title alone', { parts: ['x'] }, [['parts.0', 'expected object']]],
    ['a part without a title', { parts: [{}] }, [['parts.0.title', '']]],
    ['an unknown field', { parts: [{ title: 'x', age: 7 }] }, [['parts.0.age', '']]],
    [
      'a key twice',
      { parts: [{ title: 'x', key: '2' }, { title: 'y' }] },
      [['parts.1.key', 'is that of parts[0], too']],
    ],
    ['an unknown key', { parts: [{ title: 'x', after: ['z'] }] }, [['parts.0.after', 'there is no part "z"']]],
    ['itself', { parts: [{ title: 'x', after: ['1'] }] }, [['parts.0.after', 'names the part itself']]],
    [
      'a circle',
      {
        parts: [
          { title: 'x', after: ['2'] },
          { title: 'y', after: ['1'] },
        ],
      },
      [['parts', 'wait for each other in a circle: "1" after "2" after "1"']],
    ],
    ['another join', { parts: PARTS, join: 'most' }, [['join', '']]],
  ])('refuses %s by its place (rule J4)', async (_what, body, expected) => {
    const response = await split(randomUUID(), body);
    expect(response.status).toBe(400);
    const found = response.problem().errors;
    expect(found.map(({ path }) => path)).toEqual(expected.map(([path]) => path));
    expected.forEach(([, words], index) => {
      expect(found[index]?.message).toContain(words);
    });
  });

  it('refuses what is larger than any request may be', async () => {
    const parts = Array.from({ length: 400 }, () => ({ title: 'x', description: 'x'.repeat(10_000) }));
    expect((await split(randomUUID(), { parts })).status).toBe(413);
  });

  it('carries as much as a request may', async () => {
    const parts = Array.from({ length: 20 }, () => ({ title: 'x', description: 'x'.repeat(45_000) }));
    const id = await queued();
    expect((await split(id, { parts })).status).toBe(200);
    await api.post(`/tasks/${id}/cancel`, {});
  });

  it('is a 404 for an unknown task, and a 409 with its state for one that nobody is at work on (rule J1)', async () => {
    expect((await split(randomUUID(), { parts: PARTS })).status).toBe(404);
    const { task } = await api.hopper.submit({ tags: ['careful'] });
    await untilStatus(api.hopper, task.id, 'offered');
    const id = await queued();
    const refusal = async (taskId: string) => {
      const response = await split(taskId, { parts: PARTS });
      return [response.status, response.problem().detail];
    };
    expect(await refusal(task.id)).toEqual([409, expect.stringContaining('offered')]);
    await split(id, { parts: PARTS });
    expect(await refusal(id)).toEqual([409, expect.stringContaining('waiting')]);
    await api.post(`/tasks/${id}/cancel`, {});
    expect(await refusal(id)).toEqual([409, expect.stringContaining('cancelled')]);
    await api.post(`/tasks/${task.id}/cancel`, {});
  });

  it('by lease needs its token, and answers the same again (rules J1 and W6)', async () => {
    const id = await queued();
    const { lease } = await claim();
    const byLease = (token: string) =>
      api.post(`/leases/${lease.id}/decompose`, { parts: PARTS }, { 'hopper-lease-token': token });
    expect((await byLease('not it')).status).toBe(403);
    expect((await split(id, { parts: PARTS })).status).toBe(409);
    expect((await byLease(lease.token)).as(TaskResponse)).toMatchObject({ id, status: 'waiting' });
    expect((await byLease(lease.token)).as(TaskResponse)).toMatchObject({ id, status: 'waiting' });
    const finish = await api.post(`/leases/${lease.id}/complete`, {}, { 'hopper-lease-token': lease.token });
    expect([finish.status, finish.problem().detail]).toEqual([409, expect.stringContaining('(decomposed)')]);
    await api.post(`/tasks/${id}/cancel`, {});
  });
});
