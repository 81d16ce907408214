import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HopperClient } from '../../src/client/hopper-client.ts';
import { ExplanationResponse } from '../../src/domain/explain/explanation.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { twoHops, untilStatus } from '../support/hopper.ts';
import { ABSENT, startApi, type TestApi } from './api.ts';

describe('GET /tasks/:id/explain (rule X1)', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const submitted = async (body: object, ...statuses: string[]): Promise<string> => {
    const { id } = (await api.post('/tasks', { title: 'Split the invoices', ...body })).as(TaskResponse);
    await untilStatus(api.hopper, id, ...statuses);
    return id;
  };
  const explain = async (id: string) => (await api.get(`/tasks/${id}/explain`)).as(ExplanationResponse);

  it('tells where an offered task is, who must decide until when, and what to type', async () => {
    const id = await submitted({ tags: ['manual'] }, 'offered');
    const { chain } = await api.hopper.service.tasks.chain(id);
    const { headline, where, why, waits_for: wait, ended } = await explain(id);
    expect(headline).toMatch(/^“Split the invoices” is offered to manual and waits for somebody there to accept it/);
    expect(where).toMatchObject({ instance: { name: 'global', status: 'running' }, path: [{ name: 'global' }] });
    expect(wait).toMatchObject({ who: { id: api.hopper.idOf('manual') }, until: chain[0]?.expiresAt?.toISOString() });
    expect(wait?.how[0]).toBe(`hopper accept ${chain[0]?.id ?? ''}`);
    expect(why).toMatchObject([
      {
        ...{ hop: 0, step: 0, action: 'delegate', instance: { name: 'global' }, target: { name: 'manual' } },
        candidates: [
          { name: 'manual', score: 1, chosen: true },
          { name: 'auto', score: 0, chosen: false },
        ],
        outcome: { status: 'pending', by: null, notes: null },
      },
    ]);
    expect(why[0]?.policy_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(ended).toBeNull();
  });

  it('follows it to its end', async () => {
    const id = await submitted({ tags: twoHops('auto'), estimated_duration: 240 }, 'queued');
    expect((await explain(id)).where.path.map(({ name }) => name)).toEqual(['global', 'auto', 'auto-builds']);
    await api.post(`/tasks/${id}/complete`, { result: { pages: 3 } });
    const { ended, waits_for: wait, headline } = await explain(id);
    expect(ended).toMatchObject({ status: 'completed', by: 'admin', reason: null, has_result: true });
    expect([wait, headline]).toEqual([null, expect.stringContaining('was completed at auto-builds by admin')]);
  });

  it('is what the TypeScript client answers', async () => {
    const id = await submitted({ tags: ['auto'] }, 'queued');
    const client = new HopperClient({ url: api.url });
    expect(await client.tasks.explain(id)).toEqual(await explain(id));
  });

  it.each([ABSENT, 'no-uuid', 'x'.repeat(90)])('knows no task %s', async (id) => {
    const response = await api.get(`/tasks/${id}/explain`);
    expect([response.status, response.problem().code]).toEqual([404, 'task_not_found']);
  });
});
