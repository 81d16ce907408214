import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InstanceEventResponse } from '../../src/domain/event.schema.ts';
import { InstanceResponse, InstanceTreeResponse } from '../../src/domain/instance.schema.ts';
import { pageOf } from '../../src/domain/page.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { eventually, twoHops, untilStatus } from '../support/hopper.ts';
import { ABSENT, startApi, type TestApi } from './api.ts';

const Instances = pageOf(InstanceResponse);

describe('instances over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const create = async (body: object): Promise<InstanceResponse> => {
    const response = await api.post('/instances', body);
    expect(response.status).toBe(201);
    return response.as(InstanceResponse);
  };

  it('one is created, started, paused and resumed, and each is on record', async () => {
    const parent = api.hopper.idOf('global');
    const created = await create({
      name: 'mobile',
      scope: 'project',
      parent_id: parent,
      config: { capabilities: ['ios'] },
    });
    expect(created).toMatchObject({
      name: 'mobile',
      status: 'created',
      parent_id: parent,
      config: { capabilities: ['ios'] },
    });
    for (const [verb, status] of [
      ['start', 'running'],
      ['pause', 'paused'],
      ['resume', 'running'],
    ] as const) {
      const moved = await api.post(`/instances/${created.id}/${verb}`);
      expect([moved.status, moved.as(InstanceResponse).status]).toEqual([200, status]);
    }
    const events = (await api.get(`/instances/${created.id}/events`)).as(pageOf(InstanceEventResponse)).items;
    expect(events.length).toBeGreaterThanOrEqual(4);
    for (const event of events) expect(event).toMatchObject({ instance_id: created.id, actor: { name: 'admin' } });
  });

  it('one is stopped, which is answered at once, and then deleted; each can be repeated', async () => {
    const { id } = await create({ name: 'short-lived', scope: 'project', parent_id: api.hopper.idOf('global') });
    await api.post(`/instances/${id}/start`);
    const stopping = await api.post(`/instances/${id}/stop`);
    expect([stopping.status, stopping.as(InstanceResponse).id]).toEqual([200, id]);
    await eventually(
      async () => (await api.get(`/instances/${id}`)).as(InstanceResponse).status,
      (status) => status === 'stopped',
    );
    expect((await api.post(`/instances/${id}/stop`)).as(InstanceResponse).status).toBe('stopped');
    for (let times = 0; times < 2; times += 1) {
      const deleted = await api.remove(`/instances/${id}`);
      expect([deleted.status, deleted.as(InstanceResponse).status]).toEqual([200, 'terminated']);
    }
    expect((await api.get(`/instances/${id}`)).as(InstanceResponse).status).toBe('terminated');
    const late = await api.post(`/instances/${id}/stop`);
    expect([late.status, late.problem().detail]).toEqual([409, 'short-lived is terminated: it cannot stop']);
  });

  it('a live one that is deleted stops, and is terminated then, also by force (rule I6)', async () => {
    for (const body of [undefined, {}, { force: false }, { force: true }]) {
      const { id } = await create({ name: 'not for long', scope: 'project', parent_id: api.hopper.idOf('global') });
      await api.post(`/instances/${id}/start`);
      const leaving = await api.remove(`/instances/${id}`, body);
      expect([leaving.status, leaving.as(InstanceResponse).id]).toEqual([200, id]);
      await eventually(
        async () => (await api.get(`/instances/${id}`)).as(InstanceResponse).status,
        (status) => status === 'terminated',
      );
    }
  });

  it.each(['stop', 'delete'] as const)('refuses a %s with a body that it does not know', async (verb) => {
    const path = `/instances/${api.hopper.idOf('auto')}`;
    const body = { force: 'yes', running: 'move' };
    const refused = await (verb === 'stop' ? api.post(`${path}/stop`, body) : api.remove(path, body));
    expect([
      refused.status,
      refused
        .problem()
        .errors.map((error) => error.path)
        .toSorted(),
    ]).toEqual([400, ['force', 'running']]);
  });

  it('one that has something below it is not deleted, and goes on; the answer says what to do', async () => {
    const live = await api.remove(`/instances/${api.hopper.idOf('auto')}`);
    expect([live.status, live.problem().code]).toEqual([409, 'instance_conflict']);
    expect(live.problem().detail).toBe('auto has auto-builds below it: delete what is below first');
    expect((await api.get(`/instances/${api.hopper.idOf('auto')}`)).as(InstanceResponse).status).toBe('running');
    const absent = await api.remove(`/instances/${ABSENT}`);
    expect([absent.status, absent.problem().code]).toEqual([404, 'instance_not_found']);
  });

  it('the same Idempotency-Key creates one, and hears of it again; another key finds the name taken', async () => {
    const body = { name: 'once', scope: 'project', parent_id: api.hopper.idOf('global') };
    const first = await api.post('/instances', body, { 'idempotency-key': 'create once' });
    const again = await api.post('/instances', body, { 'idempotency-key': 'create once' });
    expect(again.as(InstanceResponse).id).toBe(first.as(InstanceResponse).id);
    const other = await api.post('/instances', body, { 'idempotency-key': 'create again' });
    expect([other.status, other.problem().code]).toEqual([409, 'instance_conflict']);
  });

  it('a move that its status does not allow is a 409 that names the status', async () => {
    const { id } = await create({ name: 'asleep', scope: 'project', parent_id: api.hopper.idOf('global') });
    const response = await api.post(`/instances/${id}/pause`);
    expect([response.status, response.problem().code]).toEqual([409, 'instance_conflict']);
    expect(response.problem().detail).toContain('created');
  });

  it('name and config are changed, and a config that is no policy is refused', async () => {
    const { id } = await create({ name: 'before', scope: 'project', parent_id: api.hopper.idOf('global') });
    const changed = await api.patch(`/instances/${id}`, { name: 'after', config: { max_concurrent_tasks: 2 } });
    expect(changed.as(InstanceResponse)).toMatchObject({ name: 'after', config: { max_concurrent_tasks: 2 } });
    const refused = await api.patch(`/instances/${id}`, {
      config: { max_concurrent_tasks: 'two', acceptance: 'maybe' },
    });
    expect(
      refused
        .problem()
        .errors.map(({ path }) => path)
        .sort(),
    ).toEqual(['config.acceptance', 'config.max_concurrent_tasks']);
  });

  it.each([
    ['an orchestration below a global', 'orchestration', 'global'],
    ['a project below a project', 'project', 'auto'],
    ['a global below a global', 'global', 'global'],
    ['anything below an orchestration', 'orchestration', 'auto-builds'],
  ])('%s is well-formed and impossible', async (_what, scope, parent) => {
    const response = await api.post('/instances', { name: 'x', scope, parent_id: api.hopper.idOf(parent) });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(response.problem().detail).not.toBe('');
  });

  it('are found by scope, status and parent, page by page', async () => {
    const parent = api.hopper.idOf('global');
    const projects = (await api.get(`/instances?scope=project&status=running&parent_id=${parent}`)).as(Instances);
    expect(projects.items.map(({ name }) => name)).toEqual(expect.arrayContaining(['auto', 'manual']));
    const first = (await api.get('/instances?limit=2')).as(Instances);
    expect(first.items).toHaveLength(2);
    const second = (await api.get(`/instances?limit=2&cursor=${encodeURIComponent(first.next_cursor ?? '')}`)).as(
      Instances,
    );
    expect(second.items.map(({ id }) => id)).not.toContain(first.items[0]?.id);
  });

  it('are shown as a tree, one or all', async () => {
    const tree = (await api.get(`/instances/${api.hopper.idOf('auto')}/tree`)).as(InstanceTreeResponse);
    expect([tree.name, tree.children.map(({ name }) => name)]).toEqual(['auto', ['auto-builds']]);
    const forest = (await api.get('/tree')).as(pageOf(InstanceTreeResponse)).items;
    expect(forest.map(({ name }) => name)).toEqual(['global']);
    expect(forest[0]?.children.find(({ name }) => name === 'auto')).toMatchObject({
      children: [{ name: 'auto-builds' }],
    });
  });

  it('have a queue, the most urgent first', async () => {
    for (const priority of ['low', 'urgent'] as const) {
      const { task } = await api.hopper.submit({
        title: priority,
        priority,
        tags: twoHops('auto'),
        estimated_duration: 240,
      });
      await untilStatus(api.hopper, task.id, 'queued');
    }
    const queue = (await api.get(`/instances/${api.hopper.idOf('auto-builds')}/queue`)).as(pageOf(TaskResponse)).items;
    expect(queue.map(({ title }) => title)).toEqual(['urgent', 'low']);
  });
});
