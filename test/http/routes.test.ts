import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApi, type TestApi } from './api.ts';

const ROUTES = [
  'GET /api/v1/audit',
  'GET /api/v1/tasks',
  'POST /api/v1/tasks',
  'GET /api/v1/tasks/{id}',
  'PATCH /api/v1/tasks/{id}',
  'GET /api/v1/tasks/{id}/chain',
  'GET /api/v1/tasks/{id}/decisions',
  'GET /api/v1/tasks/{id}/events',
  'GET /api/v1/tasks/{id}/explain',
  'POST /api/v1/tasks/{id}/complete',
  'POST /api/v1/tasks/{id}/decompose',
  'POST /api/v1/tasks/{id}/fail',
  'POST /api/v1/tasks/{id}/cancel',
  'POST /api/v1/tasks/{id}/escalate',
  'POST /api/v1/tasks/{id}/reroute',
  'POST /api/v1/tasks/{id}/retry',
  'POST /api/v1/tasks/{id}/delegations',
  'GET /api/v1/delegations/{id}',
  'GET /api/v1/tasks/{id}/attempts',
  'POST /api/v1/tasks/{id}/answer',
  'POST /api/v1/instances/{id}/claim',
  'POST /api/v1/leases/{id}/heartbeat',
  'POST /api/v1/leases/{id}/ask',
  'POST /api/v1/leases/{id}/complete',
  'POST /api/v1/leases/{id}/decompose',
  'POST /api/v1/leases/{id}/fail',
  'POST /api/v1/leases/{id}/release',
  'POST /api/v1/delegations/{id}/accept',
  'POST /api/v1/delegations/{id}/reject',
  'POST /api/v1/delegations/{id}/complete',
  'GET /api/v1/instances',
  'POST /api/v1/instances',
  'GET /api/v1/instances/{id}',
  'PATCH /api/v1/instances/{id}',
  'DELETE /api/v1/instances/{id}',
  'POST /api/v1/instances/{id}/start',
  'POST /api/v1/instances/{id}/stop',
  'POST /api/v1/instances/{id}/pause',
  'POST /api/v1/instances/{id}/resume',
  'GET /api/v1/instances/{id}/stats',
  'GET /api/v1/instances/{id}/tree',
  'GET /api/v1/instances/{id}/queue',
  'GET /api/v1/instances/{id}/pending-delegations',
  'GET /api/v1/instances/{id}/inbox',
  'GET /api/v1/instances/{id}/events',
  'POST /api/v1/routes/preview',
  'GET /api/v1/tree',
  'GET /api/v1/inbox',
  'GET /api/v1/policy',
  'POST /api/v1/policy',
  'GET /api/v1/policies/{hash}',
  'GET /healthz',
  'GET /readyz',
  'GET /openapi.json',
];

interface Document {
  readonly paths: Record<string, Record<string, { operationId: string; summary: string }>>;
  readonly components: { schemas: Record<string, unknown> };
}

describe('the routes', () => {
  let api: TestApi;
  let document: Document;
  beforeAll(async () => {
    api = await startApi({ worker: null });
    document = (await api.send({ path: '/openapi.json' })).json() as Document;
  });
  afterAll(() => api.stop());

  it('are these, and all of them are in the OpenAPI document', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([...ROUTES].sort());
  });

  it.each(ROUTES)('%s exists', (route) => {
    const [method = '', path = ''] = route.split(' ');
    expect(api.app.hasRoute({ method, url: path.replaceAll(/\{(\w+)\}/g, ':$1') })).toBe(true);
  });

  it('have a summary and an operation id of their own', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    for (const { summary } of operations) expect(summary).not.toBe('');
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  });

  it('refer only to schemas that the document has', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
    }
  });

  it.each([
    ['DELETE', '/api/v1/tasks/x', 'GET, PATCH'],
    ['PUT', '/api/v1/tasks', 'GET, POST'],
    ['GET', '/api/v1/tasks/x/complete', 'POST'],
    ['POST', '/healthz', 'GET'],
  ] as const)('answer %s %s with 405 and what is allowed', async (method, url, allow) => {
    const response = await api.send({
      method,
      path: url,
      payload: 'no JSON',
      headers: { 'content-type': 'text/plain' },
    });
    expect([response.status, response.headers.allow]).toEqual([405, expect.stringContaining(allow.split(', ')[0]!)]);
    for (const each of allow.split(', ')) expect(response.headers.allow).toContain(each);
    expect(response.problem().code).toBe('method_not_allowed');
  });

  it.each([
    ['GET', '/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v2/tasks'],
    ['POST', '/api/v1/instances/01976f00-0000-7000-8000-000000000000/destroy'],
    ['POST', '/api/v1/tasks/01976f00-0000-7000-8000-000000000000/undo'],
    ['GET', '/api/v1/tasks/../../etc/passwd'],
  ] as const)('say in plain words that %s %s is none of them', async (method, url) => {
    const response = await api.send({ method, path: url });
    expect([response.status, response.problem().code]).toEqual([404, 'route_not_found']);
    expect(response.problem().detail).toContain('there is no such route');
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('refuse a path that cannot be decoded', async () => {
    const response = await api.send({ path: '/api/v1/tasks/%zz' });
    expect([response.status, response.problem().code]).toEqual([400, 'invalid_input']);
  });
});
