import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { DelegationChainResponse } from '../../src/domain/delegation.schema.ts';
import { TaskEventResponse } from '../../src/domain/event.schema.ts';
import { pageOf } from '../../src/domain/page.schema.ts';
import { DecisionResponse } from '../../src/domain/routing-decision.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { twoHops, untilStatus } from '../support/hopper.ts';
import { startApi, type TestApi } from './api.ts';

describe('tasks over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const submit = async (body: object): Promise<TaskResponse> => {
    const response = await api.post('/tasks', { title: 'a task', ...body });
    expect(response.status).toBe(201);
    return response.as(TaskResponse);
  };
  const queuedTask = async (): Promise<TaskResponse> => {
    const task = await submit({ tags: twoHops('auto'), estimated_duration: 240 });
    await untilStatus(api.hopper, task.id, 'queued');
    return task;
  };

  it('a task is created with what was given and the defaults of the rest', async () => {
    const given = {
      title: 'Split ☃ the invoices',
      tags: ['auto'],
      metadata: { a: [1, { b: null }] },
      priority: 'urgent',
      due_at: '2030-01-01T02:00:00+02:00',
    };
    const response = await api.post('/tasks', given);
    expect(response.status).toBe(201);
    const task = response.as(TaskResponse);
    expect(task).toMatchObject({
      ...given,
      due_at: '2030-01-01T00:00:00.000Z',
      description: null,
      result: null,
      workflow_id: `task/${task.id}`,
    });
    expect(response.headers.location).toBe(`/api/v1/tasks/${task.id}`);
    expect((await api.get(`/tasks/${task.id}`)).as(TaskResponse)).toMatchObject({ id: task.id, title: given.title });
  });

  it('the same id and body again is a 200, another body a 409', async () => {
    const body = { id: uuidv7(), title: 'once', tags: ['auto'], metadata: { x: 1, y: 2 } };
    expect((await api.post('/tasks', body)).status).toBe(201);
    const again = await api.post('/tasks', { ...body, metadata: { y: 2, x: 1 } });
    expect([again.status, again.as(TaskResponse).id]).toEqual([200, body.id]);
    const other = await api.post('/tasks', { ...body, title: 'twice' });
    expect([other.status, other.problem().code]).toEqual([409, 'task_exists']);
  });

  it('an id in capital letters is the same id', async () => {
    const id = uuidv7();
    const task = await submit({ id: id.toUpperCase(), tags: ['auto'] });
    expect(task.id).toBe(id);
    expect((await api.get(`/tasks/${id.toUpperCase()}`)).as(TaskResponse).id).toBe(id);
    await untilStatus(api.hopper, id, 'queued');
  });

  it('are found by status, instance, tag and words, and paged without a gap', async () => {
    const tag = `page-${uuidv7()}`;
    const ids = [];
    for (let number = 0; number < 5; number += 1)
      ids.push((await submit({ title: `needle ${String(number)}`, tags: [tag, 'auto'] })).id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: TaskResponse[]; next_cursor: string | null } = (
        await api.get(`/tasks?tag=${tag}&limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      ).as(pageOf(TaskResponse));
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect([...seen].sort()).toEqual([...ids].sort());
    const found = (await api.get(`/tasks?tag=${tag}&q=needle%203`)).as(pageOf(TaskResponse));
    expect(found.items.map(({ title }) => title)).toEqual(['needle 3']);
    expect((await api.get(`/tasks?tag=${tag}&status=cancelled`)).as(pageOf(TaskResponse)).items).toEqual([]);
  });

  it('show their chain with both ends and the reason, their decisions and their events', async () => {
    const { id } = await queuedTask();
    const { chain, ...ends } = (await api.get(`/tasks/${id}/chain`)).as(DelegationChainResponse);
    expect(ends).toEqual({
      task_id: id,
      origin_instance_id: api.hopper.idOf('global'),
      current_instance_id: api.hopper.idOf('auto-builds'),
    });
    expect(
      chain.map(({ hop, source_instance: source, target_instance: target, status }) => [
        hop,
        source.name,
        target.name,
        status,
      ]),
    ).toEqual([
      [0, 'global', 'auto', 'accepted'],
      [1, 'auto', 'auto-builds', 'accepted'],
    ]);
    for (const { reason } of chain) expect(reason).not.toBe('');
    const decisions = (await api.get(`/tasks/${id}/decisions`)).as(pageOf(DecisionResponse)).items;
    expect(decisions.map(({ action }) => action)).toEqual(['delegate', 'delegate', 'queue']);
    expect(decisions[0]?.candidates.find(({ chosen }) => chosen)).toMatchObject({
      name: 'auto',
      instance_id: api.hopper.idOf('auto'),
    });
    const events = (await api.get(`/tasks/${id}/events`)).as(pageOf(TaskEventResponse)).items;
    expect(events[0]).toMatchObject({ task_id: id, type: 'task_submitted', actor: { name: 'admin', role: 'admin' } });
    expect(events.map(({ seq }) => seq)).toEqual([...events.map(({ seq }) => seq)].sort((a, b) => a - b));
  });

  it('can be changed in priority and times, and by nothing else', async () => {
    const { id } = await queuedTask();
    const changed = await api.patch(`/tasks/${id}`, {
      priority: 'low',
      not_before: '2031-01-01T00:00:00Z',
      due_at: null,
    });
    expect(changed.as(TaskResponse)).toMatchObject({
      priority: 'low',
      not_before: '2031-01-01T00:00:00.000Z',
      due_at: null,
    });
    expect((await api.patch(`/tasks/${id}`, {})).status).toBe(400);
    expect((await api.patch(`/tasks/${id}`, { title: 'other' })).status).toBe(400);
  });

  it('are completed once; the next one hears what they are and by whom', async () => {
    const { id } = await queuedTask();
    const done = await api.post(`/tasks/${id}/complete`, { result: { pull_request: 214 } });
    expect([done.status, done.as(TaskResponse)]).toMatchObject([
      200,
      { status: 'completed', result: { pull_request: 214 }, finished_by: 'admin' },
    ]);
    const late = await api.post(`/tasks/${id}/cancel`);
    expect([late.status, late.problem().code]).toEqual([409, 'task_conflict']);
    expect(late.problem().detail).toMatch(/completed.*admin/);
  });

  it('the same Idempotency-Key submits one task, also without an id; with another body it is refused', async () => {
    const headers = { 'idempotency-key': 'submitted once' };
    const submit = (title: string) => api.post('/tasks', { title }, headers);
    const [first, again, other] = [await submit('once'), await submit('once'), await submit('twice')];
    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(again.as(TaskResponse).id).toBe(first.as(TaskResponse).id);
  });

  it('the same Idempotency-Key carries a command out once', async () => {
    const { id } = await queuedTask();
    const headers = { 'idempotency-key': `complete ${id}` };
    const [first, second] = [
      await api.post(`/tasks/${id}/complete`, { result: 1 }, headers),
      await api.post(`/tasks/${id}/complete`, { result: 1 }, headers),
    ];
    expect([first.status, second.status]).toEqual([200, 200]);
    const events = (await api.get(`/tasks/${id}/events`)).as(pageOf(TaskEventResponse)).items;
    expect(events.filter(({ type }) => type === 'task_completed')).toHaveLength(1);
  });

  it.each([
    ['fail', { reason: 'the vendor closed the API' }, 'failed'],
    ['cancel', undefined, 'cancelled'],
    ['cancel', { reason: 'done by hand' }, 'cancelled'],
  ] as const)('%s ends them (%j)', async (verb, body, status) => {
    const { id } = await queuedTask();
    const response = await api.post(`/tasks/${id}/${verb}`, body);
    expect([response.status, response.as(TaskResponse).status]).toEqual([200, status]);
  });

  it('are tried again as a copy, once for each Idempotency-Key; while open they are not (rule T7)', async () => {
    const { id } = await queuedTask();
    const early = await api.post(`/tasks/${id}/retry`);
    expect([early.status, early.problem().code]).toEqual([409, 'task_conflict']);
    expect(early.problem().detail).toMatch(/^task is (routing|queued): only a task that has ended is retried$/);
    await api.post(`/tasks/${id}/fail`, { reason: 'the vendor closed the API' });
    const headers = { 'idempotency-key': 'again' };
    const [first, second] = [
      await api.post(`/tasks/${id}/retry`, {}, headers),
      await api.post(`/tasks/${id}/retry`, undefined, headers),
    ];
    expect([first.status, second.status]).toEqual([201, 200]);
    const copy = first.as(TaskResponse);
    expect(first.headers.location).toBe(`/api/v1/tasks/${copy.id}`);
    expect(second.as(TaskResponse).id).toBe(copy.id);
    const another = (await api.post(`/tasks/${id}/retry`)).as(TaskResponse);
    expect(new Set([id, copy.id, another.id]).size).toBe(3);
    await untilStatus(api.hopper, copy.id, 'queued');
    expect((await api.get(`/tasks/${copy.id}`)).as(TaskResponse)).toMatchObject({ retry_of: id, failure: null });
    expect((await api.get(`/tasks/${id}`)).as(TaskResponse)).toMatchObject({ retry_of: null, status: 'failed' });
    expect((await api.post(`/tasks/${uuidv7()}/retry`)).status).toBe(404);
    expect((await api.post(`/tasks/${id}/retry`, { title: 'other' })).status).toBe(400);
  });

  it('are handed over to a named instance', async () => {
    const { id } = await queuedTask();
    const response = await api.post(`/tasks/${id}/delegations`, {
      target_instance_id: api.hopper.idOf('manual'),
      notes: 'they know it',
    });
    expect(response.status).toBe(200);
    const { chain } = (await api.get(`/tasks/${id}/chain`)).as(DelegationChainResponse);
    expect(chain.at(-1)).toMatchObject({ delegation_type: 'reassign', status: 'pending', notes: 'they know it' });
  });

  it('a handed-over task cannot go to an instance that does not exist', async () => {
    const { id } = await queuedTask();
    const response = await api.post(`/tasks/${id}/delegations`, { target_instance_id: uuidv7() });
    expect([response.status, response.problem().code]).toEqual([404, 'instance_not_found']);
  });

  it('are escalated and rerouted', async () => {
    const { id } = await queuedTask();
    const up = await api.post(`/tasks/${id}/escalate`, { reason: 'needs production access' });
    expect(up.status).toBe(200);
    const { chain } = (await api.get(`/tasks/${id}/chain`)).as(DelegationChainResponse);
    expect(chain.map(({ delegation_type: type }) => type)).toContain('escalate');
    expect((await api.post(`/tasks/${id}/reroute`)).status).toBe(200);
  });

  it('need a running Global where none is named', async () => {
    const lonely = await startApi({ tree: { name: 'p', scope: 'global' }, worker: null });
    await lonely.post(`/instances/${lonely.hopper.idOf('p')}/pause`);
    const response = await lonely.post('/tasks', { title: 'x' });
    expect([response.status, response.problem().code]).toEqual([422, 'entry_unavailable']);
    await lonely.stop();
  });
});
