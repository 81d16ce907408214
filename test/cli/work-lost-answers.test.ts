import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApi, type TestApi } from '../http/api.ts';
import { eventually, untilStatus } from '../support/hopper.ts';
import { endWorkers, startWorker } from './worker.ts';

/** What becomes of the first answer 200 to a request for this path; everything else passes. */
type Mishap = (response: ServerResponse) => void;

describe('hopper work, when an answer is lost', () => {
  let api: TestApi;
  const proxies: Server[] = [];
  beforeAll(async () => {
    api = await startApi();
  });
  afterEach(() => {
    endWorkers();
    for (const proxy of proxies.splice(0)) proxy.close().closeAllConnections();
  });
  afterAll(() => api.stop());

  const through = async (path: RegExp, mishap: Mishap): Promise<string> => {
    let isDue = true;
    const proxy = createServer((request, response) => {
      void text(request).then(async (body) => {
        const token = request.headers['hopper-lease-token'];
        const answer = await api.send({
          method: request.method ?? 'GET',
          path: request.url ?? '/',
          payload: body,
          headers: {
            ...(body !== '' && { 'content-type': 'application/json' }),
            ...(token !== undefined && { 'hopper-lease-token': token }),
          },
        });
        const isHit = isDue && answer.status === 200 && path.test(request.url ?? '');
        isDue &&= !isHit;
        if (isHit) mishap(response);
        else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
    proxies.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  };
  const queued = async (): Promise<string> => {
    const { task } = await api.hopper.submit({ instance_id: api.hopper.idOf('auto-builds') });
    await untilStatus(api.hopper, task.id, 'queued');
    return task.id;
  };
  const attemptsOf = (id: string) => api.hopper.service.leases.attempts(id);
  const lose: Mishap = (response) => response.destroy();

  it.each([
    ['a claim', /\/claim$/],
    ['a result', /\/complete$/],
  ])('of %s, it asks again and the task is done once', async (_what, path) => {
    const id = await queued();
    const worker = startWorker({ HOPPER_URL: await through(path, lose) }, 'auto-builds', '--once', '--', 'echo', '1');
    expect(await worker.ended).toBe(0);
    expect(worker.names()).toEqual(expect.arrayContaining(['away', 'back', 'completed']));
    expect(await attemptsOf(id)).toMatchObject([{ attempt: 1, outcome: 'completed' }]);
    expect(await api.hopper.service.tasks.get(id)).toMatchObject({ status: 'completed', result: 1 });
  });

  it('of a failure, it is counted once', async () => {
    const id = await queued();
    const url = await through(/\/fail$/, lose);
    expect(await startWorker({ HOPPER_URL: url }, 'auto-builds', '--once', '--', 'false').ended).toBe(0);
    expect(await attemptsOf(id)).toMatchObject([{ attempt: 1, outcome: 'failed', reason: 'exit code 1' }]);
    expect((await api.hopper.service.tasks.get(id)).totalAttempts).toBe(1);
  });

  it('of a claim that is on its way while it stops, the task is given back', async () => {
    const url = await through(/\/claim$/, () => undefined); // leased, and never told
    const worker = startWorker({ HOPPER_URL: url }, 'manual-builds', '--', 'true');
    await worker.until('started');
    const { task } = await api.hopper.submit({ instance_id: api.hopper.idOf('manual-builds') });
    await eventually(
      () => attemptsOf(task.id),
      (attempts) => attempts.length === 1,
    );
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(await attemptsOf(task.id)).toMatchObject([{ outcome: 'released', reason: 'its worker stops' }]);
    expect(worker.names()).toEqual(['started', 'draining', 'stopped']);
  });
});
