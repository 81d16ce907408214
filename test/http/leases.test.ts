import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptResponse, ClaimResponse, HeartbeatResponse } from '../../src/domain/lease.schema.ts';
import { pageOf } from '../../src/domain/page.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { by, eventually, untilStatus } from '../support/hopper.ts';
import { startApi, type TestApi } from './api.ts';

describe('leases over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  /** A task that the project `auto` does itself, claimed. */
  const claimed = async (worker = 'w1') => {
    const { id } = (await api.post('/tasks', { title: 'to be done', tags: ['auto'] })).as(TaskResponse);
    await untilStatus(api.hopper, id, 'queued');
    const answer = await api.post(`/instances/${api.hopper.idOf('auto')}/claim`, {
      worker_id: worker,
      wait_seconds: 5,
    });
    const { task, lease } = answer.as(ClaimResponse);
    const send = (verb: string, body: object = {}, token = lease.token) =>
      api.post(`/leases/${lease.id}/${verb}`, body, { 'hopper-lease-token': token });
    return { task, lease, send };
  };

  it('take a task from its queue to its end, with every attempt on record (rules W2 and W6)', async () => {
    const { task, send } = await claimed();
    expect(task.status).toBe('in_progress');
    const beat = (await send('heartbeat', { note: 'half', percent: 50 })).as(HeartbeatResponse);
    expect(beat).toMatchObject({ lease: { attempt: 1, heartbeat_seconds: 100 }, answer: null });
    expect((await send('complete', { result: { ok: true } })).as(TaskResponse)).toMatchObject({ status: 'completed' });
    expect((await send('complete', { result: { ok: true } })).status).toBe(200);
    expect((await send('complete', { result: 'other' })).problem()).toMatchObject({
      status: 409,
      code: 'lease_conflict',
    });
    const { items } = (await api.get(`/tasks/${task.id}/attempts`)).as(pageOf(AttemptResponse));
    expect(items).toMatchObject([{ worker_id: 'w1', outcome: 'completed', progress_note: 'half' }]);
    expect(JSON.stringify(items)).not.toContain('token');
  });

  it('bring a person’s answer with a heartbeat (rule W8)', async () => {
    const { task, send } = await claimed();
    expect((await send('ask', { question: 'which?' })).as(TaskResponse)).toMatchObject({ status: 'blocked' });
    expect((await send('heartbeat')).as(HeartbeatResponse).answer).toBeNull();
    const answered = (await api.post(`/tasks/${task.id}/answer`, { text: 'that one' })).as(TaskResponse);
    expect(answered).toMatchObject({
      status: 'in_progress',
      questions: [{ answer: 'that one', answered_by: 'admin' }],
    });
    expect((await send('heartbeat')).as(HeartbeatResponse).answer).toBe('that one');
    expect((await api.post(`/tasks/${task.id}/answer`, { text: 'this one' })).status).toBe(409);
    await send('release');
    await api.post(`/tasks/${task.id}/cancel`, {});
  });

  it('are lost when the task is cancelled: the worker hears of it with whatever it sends next (rule W6)', async () => {
    const { task, send } = await claimed();
    await api.post(`/tasks/${task.id}/cancel`, { reason: 'not needed' });
    for (const verb of ['heartbeat', 'complete', 'release']) {
      expect((await send(verb)).problem()).toMatchObject({ status: 409, code: 'lease_conflict' });
    }
    expect((await send('fail', { reason: 'late' })).status).toBe(409);
    expect((await api.get(`/tasks/${task.id}`)).as(TaskResponse).status).toBe('cancelled');
  });

  it('are of whoever has the token, and of nobody else (rule W6)', async () => {
    const [mine, other] = [await claimed('w1'), await claimed('w2')];
    for (const token of ['', 'x', `${mine.lease.token}x`, other.lease.token]) {
      expect((await mine.send('complete', {}, token)).problem()).toMatchObject({
        status: 403,
        code: 'lease_token_wrong',
        detail: expect.stringContaining('Hopper-Lease-Token'),
      });
    }
    expect((await api.post(`/leases/${mine.lease.id}/heartbeat`)).status).toBe(403);
    for (const each of [mine, other]) await each.send('complete');
  });

  it.each([
    ['a lease that nobody has', `/leases/${randomUUID()}/heartbeat`, {}, 404, 'lease_not_found'],
    ['a lease that is no id', '/leases/nonsense/heartbeat', {}, 404, 'lease_not_found'],
    ['an instance that nobody has', `/instances/${randomUUID()}/claim`, { worker_id: 'w' }, 404, 'instance_not_found'],
    ['the attempts of no task', `/tasks/${randomUUID()}/answer`, { text: 'x' }, 404, 'task_not_found'],
  ])('do not exist as %s', async (_what, path, body, status, code) => {
    expect((await api.post(path, body)).problem()).toMatchObject({ status, code });
  });

  it.each([
    ['without a worker', {}, 'worker_id'],
    ['with an empty worker', { worker_id: ' ' }, 'worker_id'],
    ['with a wait that is too long', { worker_id: 'w', wait_seconds: 26 }, 'wait_seconds'],
    ['with skills that are no list', { worker_id: 'w', skills: 'go' }, 'skills'],
    ['with a field that is not known', { worker_id: 'w', hurry: true }, 'hurry'],
  ])('are not claimed %s', async (_how, body, path) => {
    const { status, errors } = (await api.post(`/instances/${api.hopper.idOf('auto')}/claim`, body)).problem();
    expect(status).toBe(400);
    expect(errors.map((each) => each.path)).toContain(path);
  });

  it('lapse: whoever is heard too late is refused, whatever it sends, and the task ends once (rules W5 and W6)', async () => {
    const { task, lease, send } = await claimed('silent');
    await api.hopper.sql.query(`UPDATE leases SET expires_at = now() - interval '1 hour' WHERE id = '${lease.id}'`);
    const outcome = async () => (await api.hopper.service.leases.attempts(task.id))[0]?.outcome;
    await eventually(outcome, (seen) => seen === 'expired');
    for (const [verb, body] of [
      ['heartbeat', {}],
      ['complete', { result: 'late' }],
      ['fail', { reason: 'late' }],
      ['release', {}],
      ['ask', { question: 'late?' }],
    ] as const) {
      const { status, code, detail } = (await send(verb, body)).problem();
      expect([verb, status, code]).toEqual([verb, 409, 'lease_conflict']);
      expect(detail).toMatch(/lease has ended/);
    }
    expect((await api.get(`/tasks/${task.id}`)).as(TaskResponse)).toMatchObject({ status: 'queued', attempts: 1 });
    await api.post(`/tasks/${task.id}/cancel`, {});
    const events = await api.hopper.service.tasks.events(task.id);
    expect(events.filter(({ type }) => /^task_(completed|failed|rejected|cancelled)$/.test(type))).toHaveLength(1);
  });

  it('refuse a body that is no JSON, and stay open', async () => {
    const { lease, send } = await claimed();
    for (const payload of ['{"result": ', 'done']) {
      const headers = { 'hopper-lease-token': lease.token, 'content-type': 'application/json' };
      const answer = await api.send({ method: 'POST', path: `/api/v1/leases/${lease.id}/complete`, payload, headers });
      expect(answer.problem().status).toBe(400);
    }
    expect((await send('complete', { result: 'x' })).status).toBe(200);
  });

  it('refuse what cannot be kept, and stay open', async () => {
    const { send } = await claimed();
    expect((await send('complete', { result: 'x'.repeat(70_000) })).problem().status).toBe(413);
    expect((await send('complete', { result: '\0' })).problem().status).toBe(400);
    expect((await send('heartbeat', { percent: 101 })).problem().status).toBe(400);
    expect((await send('fail', {})).problem().status).toBe(400);
    expect((await send('ask', { question: ' ' })).problem().status).toBe(400);
    expect((await send('complete', { result: 'x' })).status).toBe(200);
  });

  it('are not handed out by an instance that rests, which says so, nor by a Global (rule W3)', async () => {
    const claim = (name: string) => api.post(`/instances/${api.hopper.idOf(name)}/claim`, { worker_id: 'w' });
    await api.hopper.service.instances.move(api.hopper.idOf('manual-builds'), 'pause', by());
    expect((await claim('manual-builds')).problem()).toMatchObject({
      status: 409,
      detail: 'manual-builds is paused: it hands out nothing until it runs',
    });
    expect((await claim('global')).problem()).toMatchObject({ status: 409, code: 'instance_conflict' });
    expect((await claim('auto-builds')).status).toBe(204);
  });
});
