import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/config/policy-file.ts';
import { PolicyPublishedResponse, PolicyResponse } from '../../src/domain/published-policy.schema.ts';
import { startApi, type TestApi } from '../http/api.ts';
import { aFolder, type Ended, hopper, rows } from './cli.ts';

const SHIPPED = 'config/scope_behaviors.yaml';
const hashOf = (text: string): string => parsePolicy('given', text).hash;

function aFile(text: string, name = 'policy.yaml'): string {
  const path = join(aFolder(), name);
  writeFileSync(path, text);
  return path;
}

describe('hopper config check', () => {
  it('takes the file of HOPPER_CONFIG, and says its hash, without a server', async () => {
    const path = aFile('global: { max_projects: 3 }');
    const { code, out } = await hopper(['config', 'check'], { HOPPER_CONFIG: path });
    expect([code, rows(out)]).toEqual([0, [['OK', path, hashOf('global: { max_projects: 3 }')]]]);
  });

  it('takes the shipped files', async () => {
    const { code, out } = await hopper(['config', 'check', SHIPPED, '--hierarchy', 'config/hierarchy.yaml', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      ok: true,
      files: [SHIPPED, 'config/hierarchy.yaml'],
      hash: hashOf(readFileSync(SHIPPED, 'utf8')),
      problems: [],
    });
  });

  it('names line and column of every problem of both files, and ends with 2', async () => {
    const policy = aFile('global:\n  surprise: 1\n  max_projects: -1\n');
    const hierarchy = aFile('name: a\nscope: nowhere\n', 'hierarchy.yaml');
    const { code, err, out } = await hopper(['config', 'check', policy, '--hierarchy', hierarchy]);
    expect([code, out]).toEqual([2, '']);
    for (const place of [`${policy}:2:3`, `${policy}:3:3`, `${hierarchy}:2:1`]) expect(err).toContain(place);
    const asJson = await hopper(['config', 'check', policy, '--hierarchy', hierarchy, '--json']);
    expect(asJson.code).toBe(2);
    expect(JSON.parse(asJson.out)).toMatchObject({ ok: false, hash: null, problems: { length: 3 } });
  });

  it('names every rule and every module that cannot be used, without a server (rules L3 and F2)', async () => {
    const rules = aFile('global:\n  rules:\n    - { when: "tags > 3", prefer: { name: a } }\n');
    const hierarchy = aFile('name: a\nscope: global\nconfig: { complexity_threshold: 1 }\n', 'hierarchy.yaml');
    const { code, err } = await hopper(['config', 'check', rules, '--hierarchy', hierarchy]);
    expect(code).toBe(2);
    expect(err).toContain(
      `${rules}:3:9: global.rules.0.when: is no usable expression: > cannot be used with list and int`,
    );
    expect(err).toContain(
      `${hierarchy}:3:11: config.complexity_threshold: means nothing to an instance of scope global`,
    );
    const modules = aFile('behaviors: { project: ./gone.ts }');
    const broken = await hopper(['config', 'check', modules, '--json']);
    expect(broken.code).toBe(2);
    const { problems } = JSON.parse(broken.out) as { problems: unknown[] };
    expect(problems).toEqual([
      { path: modules, message: expect.stringMatching(/^behaviors\.project: \.\/gone\.ts cannot be used: /) },
    ]);
  });

  it.each(['/nowhere/at/all.yaml', '/tmp'])('says that %s cannot be read', async (path) => {
    const { code, err } = await hopper(['config', 'check', path]);
    expect([code, err]).toEqual([2, expect.stringContaining(path)]);
  });
});

describe('hopper config', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ worker: null });
  });
  afterAll(() => api.stop());

  const run = (...args: string[]): Promise<Ended> => hopper(['config', ...args], { HOPPER_URL: api.url });

  it('publish puts a file into force, and a second time says that it is', async () => {
    const text = 'global: { max_projects: 51 }';
    const first = await run('publish', aFile(text), '--json');
    expect(first.code).toBe(0);
    expect(PolicyPublishedResponse.parse(JSON.parse(first.out))).toMatchObject({ hash: hashOf(text), changed: true });
    const again = await run('publish', aFile(text));
    expect([again.code, rows(again.out)]).toEqual([0, [['in force already', hashOf(text)]]]);
    const other = await run('publish', aFile('global: { max_projects: 52 }'));
    expect(rows(other.out)[0]).toEqual([
      'published',
      hashOf('global: { max_projects: 52 }'),
      `before: ${hashOf(text)}`,
    ]);
  });

  it('publish refuses a bad file with the lines of that file, and ends with 2', async () => {
    const path = aFile('global:\n  surprise: 1\n');
    const { code, err } = await run('publish', path);
    expect([code, err]).toEqual([2, expect.stringContaining(`${path}:2:3: global.surprise: there is no such key`)]);
    const absent = await run('publish', '/nowhere/at/all.yaml');
    expect([absent.code, absent.err]).toEqual([2, expect.stringContaining('there is no such file')]);
  });

  it('show says what is in force, since when and by whom, and prints an old policy by its hash', async () => {
    const [old, text] = ['# the old one\nglobal: { max_projects: 53 }', '# the new one\nglobal: { max_projects: 54 }'];
    for (const each of [old, text]) await run('publish', aFile(each));
    const { code, out } = await run('show');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`in force\\t${hashOf(text)}\npublished\\t.* by admin\n\n# the new one`));
    expect(await run('show', hashOf(old))).toMatchObject({ code: 0, out: `${old}\n` });
    expect(PolicyResponse.parse(JSON.parse((await run('show', '--json')).out))).toMatchObject({ hash: hashOf(text) });
    expect((await run('show', '0'.repeat(64))).code).toBe(3);
  });

  it('show says that a newer file was refused, with every problem', async () => {
    await run('publish', aFile('global: { max_projects: 55 }'));
    await api.hopper.sql.query(`INSERT INTO policy_publications (problem, published_by) VALUES ($1, 'a worker')`, {
      bind: ['new.yaml is not usable\nnew.yaml:3:1: surprise\nnew.yaml:4:1: another'],
    });
    const { out } = await run('show');
    expect(out).toMatch(
      /refused\t.* by a worker: new\.yaml is not usable\n\tnew\.yaml:3:1: surprise\n\tnew\.yaml:4:1: another\n/,
    );
  });
});
