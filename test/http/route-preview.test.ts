import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HopperClient } from '../../src/client/hopper-client.ts';
import { RoutePreviewResponse } from '../../src/domain/route-preview.schema.ts';
import { twoHops, untilStatus } from '../support/hopper.ts';
import { ABSENT, startApi, type TestApi } from './api.ts';

describe('POST /routes/preview (rule X2)', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const preview = async (body: object) => (await api.post('/routes/preview', body)).as(RoutePreviewResponse);
  const refusal = async (body: object) => {
    const response = await api.post('/routes/preview', body);
    const { errors, code } = response.problem();
    return { status: response.status, code, paths: errors.map(({ path }) => path) };
  };
  const task = { title: 'a task' };

  it('answers every decision, with names, and neither id nor time', async () => {
    const { decisions, outcome } = await preview({
      task: { ...task, tags: twoHops('manual'), estimated_duration: 240 },
    });
    expect(decisions).toMatchObject([
      {
        ...{ id: null, task_id: null, step: 0, decided_at: null, action: 'delegate', strategy: 'tags', creates: null },
        ...{
          instance: { name: 'global' },
          target: { name: 'manual', acceptance: 'manual', acceptance_timeout_seconds: 900 },
        },
        ...{ instance_id: api.hopper.idOf('global'), target_instance_id: api.hopper.idOf('manual') },
      },
      { action: 'delegate', instance: { name: 'manual' }, target: { name: 'manual-builds', acceptance: 'manual' } },
      { action: 'queue', instance: { name: 'manual-builds' }, target: null, target_instance_id: null },
    ]);
    expect(outcome).toMatchObject({ status: 'queued', instance: { name: 'manual-builds' } });
  });

  it('makes no task', async () => {
    const id = randomUUID();
    expect((await preview({ task: { ...task, id } })).decisions[0]?.task_id).toBeNull();
    expect((await api.get(`/tasks/${id}`)).status).toBe(404);
  });

  it('enters at the named instance, named in either place', async () => {
    const entry = api.hopper.idOf('auto');
    for (const body of [{ task, instance_id: entry }, { task: { ...task, instance_id: entry } }]) {
      expect((await preview(body)).decisions).toMatchObject([{ action: 'execute', instance: { name: 'auto' } }]);
    }
  });

  it('takes a policy to try', async () => {
    const body = {
      task: { ...task, tags: ['auto'] },
      policy: { project: { complexity_threshold: 0, complexity_tags: ['auto'] } },
    };
    expect((await preview(body)).outcome.instance.name).toBe('auto-builds');
  });

  it('previews a task that is there', async () => {
    const { task: there } = await api.hopper.submit({ tags: ['manual'] });
    await untilStatus(api.hopper, there.id, 'offered');
    const { decisions } = await preview({ task_id: there.id });
    expect(decisions[0]).toMatchObject({ task_id: there.id, target: { name: 'manual' } });
    expect((await api.hopper.service.tasks.get(there.id)).status).toBe('offered');
    await api.post(`/tasks/${there.id}/cancel`);
    expect(await refusal({ task_id: there.id })).toMatchObject({ status: 409, code: 'task_conflict' });
  });

  it('is what the TypeScript client answers', async () => {
    const client = new HopperClient({ url: api.url });
    expect(await client.routes.preview({ task })).toEqual(await preview({ task }));
  });

  it.each([
    ['nothing', {}, ['task']],
    ['a task and the id of one', { task, task_id: ABSENT }, ['task']],
    ['an entry for a task that is there', { task_id: ABSENT, instance_id: ABSENT }, ['instance_id']],
    ['two entries', { task: { ...task, instance_id: ABSENT }, instance_id: randomUUID() }, ['instance_id']],
    ['a foreign field', { task, dry_run: true }, ['dry_run']],
    ['a foreign field of the task', { task: { ...task, status: 'queued' } }, ['task.status']],
    ['no title', { task: {} }, ['task.title']],
    ['a title of 10,000 characters', { task: { title: 'x'.repeat(10_000) } }, ['task.title']],
    ['an entry that is no UUID', { task, instance_id: 'global' }, ['instance_id']],
    ['an id that is no UUID', { task_id: 'x' }, ['task_id']],
    ['a policy with a foreign key', { task, policy: { global: { routing: 'x' } } }, ['policy.global.routing']],
    [
      'a policy with a wrong value',
      { task, policy: { project: { complexity_threshold: -1 } } },
      ['policy.project.complexity_threshold'],
    ],
    ['a policy that is a text', { task, policy: 'global: {}' }, ['policy']],
    ['behaviours', { task, policy: { behaviors: { global: './mine.js' } } }, ['policy.behaviors']],
  ])('refuses %s by its field', async (_what, body, paths) => {
    expect(await refusal(body)).toEqual({ status: 400, code: 'invalid_input', paths });
  });

  it('says of behaviours of a policy that those in force are used', async () => {
    const response = await api.post('/routes/preview', { task, policy: { behaviors: { project: './mine.js' } } });
    expect(response.problem().errors[0]?.message).toContain('behaviours that are in force');
  });

  it('takes a description of 10,000 characters', async () => {
    expect((await preview({ task: { ...task, description: 'invoice '.repeat(1_250) } })).decisions).not.toEqual([]);
  });

  it('refuses an entry that is not there, or does not run, as a submission does', async () => {
    expect(await refusal({ task, instance_id: ABSENT })).toEqual({
      status: 422,
      code: 'entry_unavailable',
      paths: ['instance_id'],
    });
    const made = await api.post('/instances', { name: 'second', scope: 'global' });
    const { id } = made.json() as { id: string };
    expect(await refusal({ task, instance_id: id })).toMatchObject({ status: 422, code: 'entry_unavailable' });
    await api.post(`/instances/${id}/start`);
    expect(await refusal({ task })).toMatchObject({ status: 422, code: 'entry_unavailable' });
  });

  it('knows no task that is not there', async () => {
    expect(await refusal({ task_id: ABSENT })).toMatchObject({ status: 404, code: 'task_not_found' });
  });
});

describe('POST /routes/preview without a Global', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ worker: null });
    await api.post(`/instances/${api.hopper.idOf('global')}/pause`);
  });
  afterAll(() => api.stop());

  it('says that none is running', async () => {
    const response = await api.post('/routes/preview', { task: { title: 'a task' } });
    expect(response.status).toBe(422);
    expect(response.problem().detail).toContain('no Global is running');
  });
});
