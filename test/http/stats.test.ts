import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InstanceStatsResponse } from '../../src/domain/instance.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { untilStatus } from '../support/hopper.ts';
import { type TestApi, startApi } from './api.ts';

describe('GET /instances/:id/stats', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const statsOf = async (name: string) =>
    (await api.get(`/instances/${api.hopper.idOf(name)}/stats`)).as(InstanceStatsResponse);
  const submitted = async (tag: string, status: string) => {
    const { id } = (await api.post('/tasks', { title: 'to be counted', tags: [tag] })).as(TaskResponse);
    await untilStatus(api.hopper, id, status);
  };
  const NONE = { routing: 0, offered: 0, queued: 0, in_progress: 0, waiting: 0, blocked: 0 };

  it('counts open tasks by status, slots, and since when the oldest waits', async () => {
    await submitted('auto', 'queued');
    await submitted('auto', 'queued');
    await api.post(`/instances/${api.hopper.idOf('auto')}/claim`, { worker_id: 'w1' });
    const stats = await statsOf('auto');
    expect(stats).toMatchObject({
      instance_id: api.hopper.idOf('auto'),
      tasks: { ...NONE, queued: 1, in_progress: 1 },
      slots: { used: 1, limit: 10 },
      pending_offers: 0,
      oldest_queued_at: expect.any(String),
    });
  });

  it('counts offers at their target, and the task where it is', async () => {
    await submitted('manual', 'offered');
    expect(await statsOf('manual')).toMatchObject({ tasks: NONE, pending_offers: 1, oldest_queued_at: null });
    expect(await statsOf('global')).toMatchObject({ tasks: { ...NONE, offered: 1 }, slots: { used: 0, limit: null } });
  });
});
