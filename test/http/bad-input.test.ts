import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { untilStatus } from '../support/hopper.ts';
import { ABSENT, raw, startApi, type TestApi } from './api.ts';

const MALFORMED = { code: 'invalid_input', status: 400 };

describe('bad input', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const problems = async (body: object): Promise<{ path: string; message: string }[]> => {
    const response = await api.post('/tasks', body);
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    return response.problem().errors;
  };

  it('is answered with every problem of the body at once', async () => {
    const found = await problems({
      title: 5,
      tags: ['fine', 7],
      priority: 'asap',
      surprise: 1,
      other: 2,
      due_at: 'soon',
    });
    expect(found.map(({ path }) => path).sort()).toEqual([
      'due_at',
      'other',
      'priority',
      'surprise',
      'tags.1',
      'title',
    ]);
    for (const { message } of found) expect(message).not.toBe('');
  });

  it('is answered with the problems of body and headers together', async () => {
    const response = await api.post('/tasks', { title: '' }, { 'idempotency-key': 'x'.repeat(201) });
    expect(response.problem().errors.map(({ path }) => path)).toEqual(['title', 'idempotency-key']);
  });

  it.each([
    ['no title', {}, 'title'],
    ['an empty title', { title: '   ' }, 'title'],
    ['a title of 501 characters', { title: 'x'.repeat(501) }, 'title'],
    ['a description of 50,001 characters', { title: 'x', description: 'x'.repeat(50_001) }, 'description'],
    ['101 tags', { title: 'x', tags: Array.from({ length: 101 }, (_, i) => String(i)) }, 'tags'],
    ['a NUL in the title', { title: 'a\0b' }, 'title'],
    ['half of a surrogate pair', { title: 'a\ud800' }, 'title'],
    ['a NUL deep in the metadata', { title: 'x', metadata: { a: [{ b: '\0' }] } }, 'metadata'],
    ['a NUL in a key of the metadata', { title: 'x', metadata: { 'a\0': 1 } }, 'metadata'],
    ['metadata that is a list', { title: 'x', metadata: [1] }, 'metadata'],
    ['metadata above 64 KB', { title: 'x', metadata: { a: 'x'.repeat(65_536) } }, 'metadata'],
    ['a duration in hours and minutes', { title: 'x', estimated_duration: '2h' }, 'estimated_duration'],
    ['a negative duration', { title: 'x', estimated_duration: -1 }, 'estimated_duration'],
    ['half a minute', { title: 'x', estimated_duration: 0.5 }, 'estimated_duration'],
    ['a huge duration', { title: 'x', estimated_duration: 10_000_001 }, 'estimated_duration'],
    ['a time without a zone', { title: 'x', due_at: '2026-01-01T00:00:00' }, 'due_at'],
    ['an id that is no UUID', { title: 'x', id: 'task-1' }, 'id'],
    ['an instance that is no UUID', { title: 'x', instance_id: 'global' }, 'instance_id'],
    ['a field of the answer', { title: 'x', status: 'completed' }, 'status'],
    ['a field named constructor', { title: 'x', constructor: 'x' }, 'constructor'],
  ])('%s is refused by its field', async (_what, body, field) => {
    expect((await problems(body)).map(({ path }) => path)).toEqual([field]);
  });

  it.each([
    ['no JSON', raw('/tasks', '{"title": ')],
    ['an empty body', raw('/tasks', '')],
    ['only white space', raw('/tasks', ' \n ')],
    ['a list', raw('/tasks', '[]')],
    ['a word', raw('/tasks', '"title"')],
    ['null', raw('/tasks', 'null')],
    ['a number out of range', raw('/tasks', '{"title":"x","metadata":{"a":1e999}}')],
    ['the prototype as a key', raw('/tasks', '{"title":"x","__proto__":{"a":1}}')],
    ['the prototype deep inside', raw('/tasks', '{"title":"x","metadata":{"a":{"__proto__":{"b":1}}}}')],
    [
      '100,000 levels of objects',
      raw('/tasks', `{"title":"x","metadata":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`),
    ],
    ['100,000 levels of lists', raw('/tasks', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['a form', raw('/tasks', 'title=x', 'application/x-www-form-urlencoded')],
    ['plain text', raw('/tasks', '{"title":"x"}', 'text/plain')],
    ['another encoding than UTF-8', raw('/tasks', Buffer.from('{"title":"caf\u00e9"}', 'latin1'))],
  ])('%s is a 400', async (_what, request) => {
    const response = await api.send(request);
    expect([response.status, response.json()]).toEqual([400, expect.objectContaining(MALFORMED)]);
  });

  it('stays small however many faults a body has', async () => {
    const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${String(index)}`, 1]));
    const response = await api.post('/tasks', { title: 'x', ...fields });
    expect(response.status).toBe(400);
    expect(response.body.length).toBeLessThan(20_000);
    expect(response.problem().errors.at(-1)?.message).toBe('and 19900 more');
  });

  it('above the limit of a body is a 413', async () => {
    const response = await api.post('/tasks', { title: 'x', description: 'x'.repeat(1_100_000) });
    expect([response.status, response.problem().code]).toEqual([413, 'body_too_large']);
  });

  it.each(['/tasks/%/complete', '/delegations/%/complete'])('a result above 64 KB is a 413 at %s', async (path) => {
    const response = await api.post(path.replace('%', ABSENT), { result: 'x'.repeat(65_535) });
    expect([response.status, response.problem().code]).toEqual([413, 'result_too_large']);
  });

  it('takes a result of exactly 64 KB', async () => {
    const { task } = await api.hopper.submit({ tags: ['auto'] });
    await untilStatus(api.hopper, task.id, 'queued');
    const response = await api.post(`/tasks/${task.id}/complete`, { result: 'x'.repeat(65_534) });
    expect(response.status).toBe(200);
  });

  it.each([
    ['GET', '/tasks?limit=0', 'limit'],
    ['GET', '/tasks?limit=many', 'limit'],
    ['GET', '/tasks?status=asleep', 'status'],
    ['GET', '/tasks?instance_id=global', 'instance_id'],
    ['GET', '/tasks?colour=blue', 'colour'],
    ['GET', '/tasks?tag=a&tag=b', 'tag'],
    ['GET', '/tasks?q=%00', 'q'],
    ['GET', '/instances?scope=universe', 'scope'],
  ] as const)('%s %s names the parameter', async (method, path, field) => {
    const response = await api.send({ method, path: `/api/v1${path}` });
    expect([response.status, response.problem().errors.map((each) => each.path)]).toEqual([400, [field]]);
  });

  it('a cursor that we did not give is refused', async () => {
    expect((await api.get('/tasks?cursor=abc')).status).toBe(400);
    expect((await api.get('/instances?cursor=abc')).status).toBe(400);
  });

  it.each([
    ['reject without a reason', `/delegations/${ABSENT}/reject`, {}, 'reason'],
    ['reject with an empty reason', `/delegations/${ABSENT}/reject`, { reason: ' ' }, 'reason'],
    ['fail without a reason', `/tasks/${ABSENT}/fail`, {}, 'reason'],
    ['escalate without a reason', `/tasks/${ABSENT}/escalate`, {}, 'reason'],
    ['reassign without a target', `/tasks/${ABSENT}/delegations`, {}, 'target_instance_id'],
    [
      'reassign another task',
      `/tasks/${ABSENT}/delegations`,
      { task_id: ABSENT.replace('7000', '7001'), target_instance_id: ABSENT },
      'task_id',
    ],
    [
      'decompose through delegations',
      `/tasks/${ABSENT}/delegations`,
      { target_instance_id: ABSENT, delegation_type: 'decompose' },
      'delegation_type',
    ],
    ['accept with a field too many', `/delegations/${ABSENT}/accept`, { result: 1 }, 'result'],
    ['start with a field', `/instances/${ABSENT}/start`, { now: true }, 'now'],
    ['an instance without a scope', '/instances', { name: 'x' }, 'scope'],
    [
      'an instance with an unknown config key',
      '/instances',
      { name: 'x', scope: 'global', config: { colour: 1 } },
      'config.colour',
    ],
    [
      'an instance with a key that its scope does not have',
      '/instances',
      { name: 'x', scope: 'orchestration', config: { complexity_threshold: 1 } },
      'config.complexity_threshold',
    ],
    [
      'an instance with a rule that can never be evaluated',
      '/instances',
      { name: 'x', scope: 'global', config: { rules: [{ when: 'tags > 3', prefer: { name: 'a' } }] } },
      'config.rules.0.when',
    ],
    [
      'a rule that requires and prefers',
      '/instances',
      {
        name: 'x',
        scope: 'global',
        config: { rules: [{ when: 'true', prefer: { name: 'a' }, require: { name: 'a' } }] },
      },
      'config.rules.0',
    ],
  ])('%s is refused by its field', async (_what, path, body, field) => {
    const response = await api.post(path, body);
    expect([response.status, response.problem().errors.map((each) => each.path)]).toEqual([400, [field]]);
  });
});

describe('what is not there', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ worker: null });
  });
  afterAll(() => api.stop());

  const READS = [
    ['task_not_found', '/tasks/%'],
    ['task_not_found', '/tasks/%/chain'],
    ['task_not_found', '/tasks/%/decisions'],
    ['task_not_found', '/tasks/%/events'],
    ['delegation_not_found', '/delegations/%'],
    ['instance_not_found', '/instances/%'],
    ['instance_not_found', '/instances/%/tree'],
    ['instance_not_found', '/instances/%/queue'],
    ['instance_not_found', '/instances/%/stats'],
    ['instance_not_found', '/instances/%/pending-delegations'],
    ['instance_not_found', '/instances/%/inbox'],
    ['instance_not_found', '/instances/%/events'],
  ] as const;
  const WRITES = [
    ['task_not_found', '/tasks/%/complete', {}],
    ['task_not_found', '/tasks/%/fail', { reason: 'x' }],
    ['task_not_found', '/tasks/%/cancel', {}],
    ['task_not_found', '/tasks/%/escalate', { reason: 'x' }],
    ['task_not_found', '/tasks/%/reroute', {}],
    ['task_not_found', '/tasks/%/delegations', { target_instance_id: ABSENT }],
    ['delegation_not_found', '/delegations/%/accept', {}],
    ['delegation_not_found', '/delegations/%/reject', { reason: 'x' }],
    ['delegation_not_found', '/delegations/%/complete', {}],
    ['instance_not_found', '/instances/%/start', {}],
    ['instance_not_found', '/instances/%/pause', {}],
    ['instance_not_found', '/instances/%/resume', {}],
  ] as const;

  it.each(READS)('is a 404 %s at GET %s, for an unknown id and for one that is no UUID', async (code, path) => {
    for (const id of [ABSENT, 'nonsense', '1', '%00', 'x'.repeat(90)]) {
      const response = await api.get(path.replace('%', id));
      expect([response.status, response.problem().code]).toEqual([404, code]);
    }
    expect((await api.get(path.replace('%', 'x'.repeat(300)))).status).toBe(404);
  });

  it.each(WRITES)('is a 404 %s at POST %s, for an unknown id and for one that is no UUID', async (code, path, body) => {
    for (const id of [ABSENT, 'nonsense']) {
      const response = await api.post(path.replace('%', id), body);
      expect([response.status, response.problem().code]).toEqual([404, code]);
    }
  });

  it('is a 404 at PATCH too', async () => {
    for (const [url, payload] of [
      [`/tasks/${ABSENT}`, { priority: 'low' }],
      [`/instances/${ABSENT}`, { name: 'x' }],
    ] as const) {
      expect((await api.patch(url, payload)).status).toBe(404);
    }
  });

  it('as the entry in a body is well-formed and impossible: a 422', async () => {
    const response = await api.post('/tasks', { title: 'x', instance_id: ABSENT });
    expect([response.status, response.problem().code]).toEqual([422, 'entry_unavailable']);
  });
});
