import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/config/policy-file.ts';
import { HopperClient } from '../../src/client/hopper-client.ts';
import {
  KeptPolicyResponse,
  PolicyPublishedResponse,
  PolicyResponse,
} from '../../src/domain/published-policy.schema.ts';
import { startApi, type TestApi } from './api.ts';

const written = (limit: number): string => `global:\n  max_projects: ${String(limit)}\n`;
const hashOf = (text: string): string => parsePolicy('given', text).hash;

describe('the policy over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ worker: null });
  });
  afterAll(() => api.stop());

  const inForce = async (): Promise<PolicyResponse> => {
    const response = await api.get('/policy');
    expect(response.status).toBe(200);
    return response.as(PolicyResponse);
  };
  const publish = async (limit: number, headers = {}): Promise<PolicyPublishedResponse> => {
    const response = await api.post('/policy', { text: written(limit) }, headers);
    expect(response.status).toBe(200);
    return response.as(PolicyPublishedResponse);
  };

  it('is that of the file of the API where nobody has published one yet', async () => {
    expect(await inForce()).toMatchObject({
      published_by: expect.stringContaining('scope_behaviors.yaml'),
      policy: { global: { max_projects: 10 } },
      refused: null,
    });
  });

  it('is published as a text, shown, and found by its hash also when another one is in force (rule Y3)', async () => {
    const { hash: before } = await inForce();
    expect(await publish(31)).toEqual({ hash: hashOf(written(31)), previous_hash: before, changed: true });
    expect(await inForce()).toMatchObject({
      hash: hashOf(written(31)),
      text: written(31),
      policy: { global: { max_projects: 31 } },
      published_by: 'admin',
    });
    await publish(32);
    const kept = await api.get(`/policies/${hashOf(written(31))}`);
    expect(kept.as(KeptPolicyResponse)).toMatchObject({ hash: hashOf(written(31)), text: written(31) });
  });

  it('that is in force already is no change; the same key publishes once', async () => {
    await publish(33);
    expect(await publish(33)).toEqual({
      hash: hashOf(written(33)),
      previous_hash: hashOf(written(33)),
      changed: false,
    });
    const key = { 'idempotency-key': 'publish once' };
    await publish(34, key);
    await publish(35);
    expect(await publish(34, key)).toMatchObject({ hash: hashOf(written(34)), changed: false });
    expect((await inForce()).hash).toBe(hashOf(written(35)));
    expect(await publish(36, key)).toMatchObject({ changed: true });
  });

  it('is refused with the line of every problem, and what was in force stays (rule Y4)', async () => {
    const { hash } = await inForce();
    const response = await api.post('/policy', { text: 'global:\n  surprise: 1\n  max_projects: -1\n' });
    expect([response.status, response.problem().code]).toEqual([400, 'invalid_policy']);
    const paths = response.problem().errors.map(({ path }) => path);
    expect([...paths].sort()).toEqual(['text:2:3', 'text:3:3']);
    expect(await inForce()).toMatchObject({ hash, refused: null });
  });

  it.each([
    ['no text', {}],
    ['a text that is none', { text: 5 }],
    ['a NUL', { text: '# \0' }],
    ['a field that nobody knows', { text: '', force: true }],
    ['a text of more than 256 KB', { text: `# ${'x'.repeat(262_144)}` }],
  ])('with %s is malformed', async (_what, body) => {
    const response = await api.post('/policy', body);
    expect([response.status, response.problem().code]).toEqual([400, 'invalid_input']);
  });

  it('cannot name other modules than the one in force: their paths belong to the machine of the worker', async () => {
    const response = await api.post('/policy', { text: 'behaviors: { global: ./mine.mjs }' });
    expect(response.status).toBe(400);
    expect(response.problem().errors).toEqual([
      { path: 'text', message: expect.stringMatching(/behaviors.*HOPPER_CONFIG/) },
    ]);
  });

  it.each(['0'.repeat(64), 'nonsense', '%00', '..%2f', 'x'.repeat(99)])('has none of the hash %s', async (hash) => {
    const response = await api.get(`/policies/${hash}`);
    expect([response.status, response.problem().code]).toEqual([404, 'policy_not_found']);
  });

  it('is reached by the TypeScript client', async () => {
    const { policy } = new HopperClient({ url: api.url });
    const { hash } = await policy.publish(written(37));
    expect((await policy.inForce()).hash).toBe(hash);
    expect((await policy.get(hash)).text).toBe(written(37));
    await expect(policy.publish('- a list')).rejects.toMatchObject({ status: 400, code: 'invalid_policy' });
  });
});

describe('the policy over HTTP, where the file of the API is bad and nothing is published', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ worker: null, env: { HOPPER_CONFIG: '/nowhere/at/all.yaml' } });
  });
  afterAll(() => api.stop());

  it('is not there, which is told, until somebody publishes one', async () => {
    const response = await api.get('/policy');
    expect([response.status, response.problem().code]).toEqual([503, 'policy_unreadable']);
    expect(response.problem().detail).toContain('/nowhere/at/all.yaml');
    expect((await api.post('/policy', { text: written(41) })).status).toBe(200);
    expect((await api.get('/policy')).as(PolicyResponse).hash).toBe(hashOf(written(41)));
  });
});
