import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HopperApiError, HopperClient, HopperUnreachableError } from '../../src/client/hopper-client.ts';
import { twoHops, untilStatus } from '../support/hopper.ts';
import { ABSENT, startApi, type TestApi } from './api.ts';

describe('HopperClient', () => {
  let api: TestApi;
  let client: HopperClient;
  beforeAll(async () => {
    api = await startApi();
    client = new HopperClient({ url: `${api.url}/` });
  });
  afterAll(() => api.stop());

  it('has a method for every route, and each gives what the API gives', async () => {
    await client.health();
    expect(await client.readiness()).toMatchObject({ status: 'ok' });
    const { id } = await client.tasks.submit({
      title: 'through the client',
      tags: twoHops('auto'),
      estimated_duration: 240,
    });
    await untilStatus(api.hopper, id, 'queued');
    expect((await client.tasks.list({ q: 'through the client' })).items.map((task) => task.id)).toEqual([id]);
    expect((await client.tasks.patch(id, { priority: 'low' })).priority).toBe('low');
    const { chain } = await client.tasks.chain(id);
    expect(await client.delegations.get(chain[0]!.id)).toMatchObject({ task_id: id, hop: 0 });
    expect((await client.tasks.decisions(id)).items).toHaveLength(3);
    expect((await client.instances.queue(api.hopper.idOf('auto-builds'))).items.map((task) => task.id)).toEqual([id]);
    await client.tasks.delegate(id, { target_instance_id: api.hopper.idOf('manual') });
    const [offer] = (await client.instances.pendingDelegations(api.hopper.idOf('manual'))).items;
    expect((await client.instances.inbox()).items[0]?.delegation?.id).toBe(offer?.id);
    expect((await client.delegations.accept(offer!.id, { notes: 'yes' })).status).toBe('accepted');
    await untilStatus(api.hopper, id, 'offered');
    const [last] = (await client.instances.pendingDelegations(api.hopper.idOf('manual-builds'))).items;
    await client.delegations.accept(last!.id);
    await untilStatus(api.hopper, id, 'queued');
    expect((await client.delegations.complete(last!.id, { result: [1] })).status).toBe('completed');
    expect(await client.tasks.get(id)).toMatchObject({ status: 'completed', result: [1] });
    expect((await client.tasks.events(id)).items.length).toBeGreaterThan(4);
    expect((await client.instances.forest()).items[0]?.name).toBe('global');
    expect((await client.instances.tree(api.hopper.idOf('auto'))).children).toHaveLength(1);
    const created = await client.instances.create({
      name: 'c',
      scope: 'project',
      parent_id: api.hopper.idOf('global'),
    });
    expect((await client.instances.move(created.id, 'start')).status).toBe('running');
    expect((await client.instances.patch(created.id, { name: 'd' })).name).toBe('d');
    expect((await client.instances.get(created.id)).name).toBe('d');
    expect((await client.instances.events(created.id)).items.length).toBeGreaterThan(1);
  });

  it('takes a task, says that it goes on, and gives it back done or undone', async () => {
    const at = api.hopper.idOf('auto-builds');
    expect(await client.instances.claim(at, { worker_id: 'w1' })).toBeNull();
    const { id } = await client.tasks.submit({ title: 'for a worker', instance_id: at });
    await untilStatus(api.hopper, id, 'queued');
    const first = await client.instances.claim(at, { worker_id: 'w1', request_id: 'r1' });
    expect(await client.instances.claim(at, { worker_id: 'w1', request_id: 'r1' })).toEqual(first);
    const { lease } = first!;
    expect(await client.leases.heartbeat(lease.id, lease.token, { note: 'on it' })).toMatchObject({
      lease: { attempt: 1 },
    });
    expect((await client.leases.ask(lease.id, lease.token, { question: 'which?' })).status).toBe('blocked');
    await client.tasks.answer(id, { text: 'that one' });
    expect(await client.leases.heartbeat(lease.id, lease.token)).toMatchObject({ answer: 'that one' });
    expect((await client.leases.release(lease.id, lease.token, { reason: 'not now' })).status).toBe('queued');
    await expect(client.leases.heartbeat(lease.id, lease.token)).rejects.toMatchObject({ code: 'lease_conflict' });
    const { lease: again } = (await client.instances.claim(at, { worker_id: 'w1', wait_seconds: 5 }))!;
    await expect(client.leases.complete(again.id, lease.token)).rejects.toMatchObject({ status: 403 });
    expect(await client.leases.complete(again.id, again.token, { result: 'done' })).toMatchObject({ result: 'done' });
    const { items } = await client.tasks.attempts(id);
    const copy = await client.tasks.retry(id, { idempotencyKey: 'again' });
    expect(await client.tasks.retry(id, { idempotencyKey: 'again' })).toMatchObject({ id: copy.id, retry_of: id });
    await client.tasks.cancel(copy.id);
    expect(items.map(({ outcome, progress_note: note }) => [outcome, note])).toEqual([
      ['released', 'on it'],
      ['completed', null],
    ]);
    for (const token of [lease.token, again.token]) expect(api.log.join('')).not.toContain(token);
  });

  it('says of a failed attempt what becomes of the task', async () => {
    const at = api.hopper.idOf('auto-builds');
    const { id } = await client.tasks.submit({ title: 'for a worker', instance_id: at });
    const { lease } = (await client.instances.claim(at, { worker_id: 'w1', wait_seconds: 20 }))!;
    expect(await client.leases.fail(lease.id, lease.token, { reason: 'broken' })).toMatchObject({
      id,
      status: 'queued',
    });
    await client.tasks.cancel(id);
  });

  it('breaks a claim off when it is told to, with the reason it is given', async () => {
    const stop = new AbortController();
    const waiting = client.instances.claim(
      api.hopper.idOf('auto-builds'),
      { worker_id: 'w1', wait_seconds: 20 },
      { signal: stop.signal },
    );
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('throws what the server said: status, code, words and every problem', async () => {
    const absent = await client.tasks.get(ABSENT).catch((error: unknown) => error);
    expect(absent).toBeInstanceOf(HopperApiError);
    expect(absent).toMatchObject({ status: 404, code: 'task_not_found' });
    const malformed = await client.tasks.submit({ title: '' }).catch((error: unknown) => error);
    expect(malformed).toMatchObject({ status: 400, errors: [{ path: 'title', message: expect.any(String) }] });
  });
});

describe('HopperClient before a server that fails', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });
  const before = async (
    handle: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<HopperClient> => {
    const server = createServer(handle);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HopperClient({
      url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      apiKey: 'a-key',
    });
  };

  it.each(['answers 503', 'breaks the connection'])('submits again, with the same id, when it %s', async (how) => {
    const ids: unknown[] = [];
    const client = await before((request, response) => {
      void text(request).then((body) => {
        ids.push((JSON.parse(body) as { id: unknown }).id);
        if (ids.length === 3) response.writeHead(418).end();
        else if (how === 'answers 503') response.writeHead(503).end();
        else request.socket.destroy();
      });
    });
    await expect(client.tasks.submit({ title: 'x' })).rejects.toMatchObject({ status: 418 });
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{14}7/), ids[0], ids[0]]);
  });

  it('gives up after a few times', async () => {
    let calls = 0;
    const client = await before((_request, response) => {
      calls += 1;
      response.writeHead(503).end();
    });
    await expect(client.tasks.submit({ title: 'x' })).rejects.toMatchObject({ status: 503 });
    expect(calls).toBe(4);
  });

  it('repeats no other command by itself', async () => {
    let calls = 0;
    const client = await before((_request, response) => {
      calls += 1;
      response.writeHead(503).end();
    });
    await expect(client.tasks.cancel(ABSENT)).rejects.toMatchObject({ status: 503 });
    expect(calls).toBe(1);
  });

  it('sends its key, and the key of a command', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const client = await before((request, response) => {
      seen.push(request.headers);
      response.writeHead(500).end();
    });
    await client.tasks.cancel(ABSENT, {}, { idempotencyKey: 'once' }).catch(() => undefined);
    expect(seen).toEqual([expect.objectContaining({ authorization: 'Bearer a-key', 'idempotency-key': 'once' })]);
  });

  it('says how to start Hopper when nobody listens', async () => {
    const error = await new HopperClient({ url: 'http://127.0.0.1:2' }).tasks.list().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HopperUnreachableError);
    expect(String(error)).toMatch(/ECONNREFUSED.*hopper up/);
  });

  it('does not take a page without JSON for "nothing to do"', async () => {
    const client = await before((_request, response) => response.end('<html>hello</html>'));
    await expect(client.instances.claim(ABSENT, { worker_id: 'w1' })).rejects.toMatchObject({
      code: 'unexpected_answer',
    });
  });

  it('does not take any JSON for an answer of Hopper', async () => {
    const client = await before((_request, response) => response.end('{"hello": "world"}'));
    await expect(client.tasks.list()).rejects.toMatchObject({ code: 'unexpected_answer' });
  });
});
