import { connect } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { composeApi } from '../../src/composition.ts';
import { readSettings } from '../../src/config/settings.ts';
import { ReadinessResponse } from '../../src/domain/health.schema.ts';
import { ProblemResponse } from '../../src/domain/problem.schema.ts';
import { DomainError, ERROR_CODES, type ErrorCode } from '../../src/domain/errors.ts';
import { HTTP_STATUS } from '../../src/http/problem.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { serve, startApi, type TestServer } from './api.ts';

describe('the HTTP server', () => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  /** A server whose service cannot reach anything: what it needs listens nowhere. */
  const serveWithoutServers = async (): Promise<TestServer> => {
    const api = await composeApi(
      readSettings({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', TEMPORAL_ADDRESS: '127.0.0.1:1' }),
    );
    const server = await serve(api.service);
    open.push(server.close, () => api.close());
    return server;
  };
  /** A server whose service fails in a way that no real one can be made to at will. */
  const serveFailing = async (error: Error): Promise<TestServer> => {
    const fail = (): Promise<never> => Promise.reject(error);
    const server = await serve({ tasks: { list: fail } } as unknown as HopperService);
    open.push(server.close);
    return server;
  };

  it.each([
    ['what is no HTTP', 'NONSENSE / HTTP/1.1\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ])('answers %s with a problem', async (_what, request, status) => {
    const server = await serveFailing(new Error('nobody comes here'));
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end(request);
    const answer = await text(socket);
    expect(answer).toContain(`HTTP/1.1 ${String(status)} `);
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    expect(ProblemResponse.parse(body)).toMatchObject({ status, code: 'invalid_input' });
  });

  it('is alive and ready with its servers', async () => {
    const api = await startApi({ worker: null });
    open.push(api.stop);
    expect((await api.send({ path: '/healthz' })).json()).toEqual({ status: 'ok' });
    expect((await api.send({ path: '/readyz' })).as(ReadinessResponse)).toEqual({
      status: 'ok',
      database: 'ok',
      temporal: 'ok',
    });
  });

  it('without its servers is alive, not ready, and says what is away', async () => {
    const server = await serveWithoutServers();
    expect((await server.send({ path: '/healthz' })).status).toBe(200);
    const ready = await server.send({ path: '/readyz' });
    expect([ready.status, ready.headers['retry-after']]).toEqual([503, '1']);
    const { status, database, temporal } = ready.as(ReadinessResponse);
    expect([status, database === 'ok', temporal === 'ok']).toEqual(['unavailable', false, false]);
  });

  it('without its database answers 503 with Retry-After, and no address or password in it', async () => {
    const server = await serveWithoutServers();
    const response = await server.send({ path: '/api/v1/tasks' });
    expect([response.status, response.problem().code, response.headers['retry-after']]).toEqual([
      503,
      'database_unavailable',
      '1',
    ]);
    expect(response.body).not.toContain('nobody');
  });

  it('answers what nobody expected with 500, tells nothing of it, and logs it', async () => {
    const server = await serveFailing(new Error('the secret is 42'));
    const response = await server.send({ path: '/api/v1/tasks' });
    expect([response.status, response.problem().code]).toEqual([500, 'unexpected']);
    expect(response.body).not.toContain('42');
    expect(server.log.filter((line) => line.includes('"level":50')).join()).toContain('the secret is 42');
  });

  it.each(ERROR_CODES)('answers %s with its status', async (code: ErrorCode) => {
    const server = await serveFailing(
      new DomainError(code, 'because', { problems: [{ path: 'a.b', message: 'wrong' }] }),
    );
    const response = await server.send({ path: '/api/v1/tasks' });
    expect(response.status).toBe(HTTP_STATUS[code]);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    if (response.status === 500) expect(response.problem().detail).not.toContain('because');
    else
      expect(response.problem()).toMatchObject({
        code,
        detail: 'because',
        errors: [{ path: 'a.b', message: 'wrong' }],
      });
    expect(response.headers['retry-after']).toBe(response.status === 503 ? '1' : undefined);
  });

  it('logs one line for a request, at level debug', async () => {
    const server = await serveWithoutServers();
    await server.send({ path: '/healthz' });
    const lines = server.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([expect.objectContaining({ level: 20, method: 'GET', url: '/healthz', status: 200 })]);
  });

  it('closes at once although a connection is kept alive', async () => {
    const server = await serveWithoutServers();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'close');
    const began = performance.now();
    await server.close();
    await ended;
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('closes although a client stopped in the middle of a request', async () => {
    const server = await serveWithoutServers();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(
      'POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await server.close();
    await ended;
  });
});
