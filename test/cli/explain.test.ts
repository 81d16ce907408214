import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExplanationResponse } from '../../src/domain/explain/explanation.schema.ts';
import { RoutePreviewResponse } from '../../src/domain/route-preview.schema.ts';
import { ABSENT, startApi, type TestApi } from '../http/api.ts';
import { twoHops, untilStatus } from '../support/hopper.ts';
import { aFolder, type Ended, hopper, hopperOnTerminal } from './cli.ts';

const ESCAPE = '\u001b';

describe('hopper explain and hopper route preview', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const env = (): Record<string, string> => ({ HOPPER_URL: api.url });
  const run = (...args: string[]): Promise<Ended> => hopper(args, env());
  const offered = async (): Promise<{ task: string; delegation: string }> => {
    const { task } = await api.hopper.submit({ title: 'Split the invoices', tags: ['manual'] });
    await untilStatus(api.hopper, task.id, 'offered');
    const { chain } = await api.hopper.service.tasks.chain(task.id);
    return { task: task.id, delegation: chain[0]?.id ?? '' };
  };

  it('explain says where, why, what it waits for and what to type (rule X1)', async () => {
    const { task, delegation } = await offered();
    const { code, out } = await run('explain', task);
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('“Split the invoices” is offered to manual and waits for somebody there to accept');
    expect(lines.filter((line) => /^\S/.test(line)).slice(2)).toEqual(['Where', 'Why', 'Waits for']);
    expect(out).toMatch(/^ {2}global global {2}← here since \d\d:\d\d UTC \(.*\)$/m);
    expect(out).toMatch(/^ {2}global → manual {2}tags · policy [0-9a-f]{8} · /m);
    expect(out).toMatch(/^ {4}✔ manual {2}1 {2}1 of 1 tags match: manual$/m);
    expect(out).toMatch(/^ {6}auto {4}0 {2}no tag matches$/m);
    expect(lines).toContain(`    hopper accept ${delegation}`);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).not.toContain(ESCAPE);
  });

  it('explain shows who refused, the way down as a tree, and every table with --all', async () => {
    const { task, delegation } = await offered();
    await run('reject', delegation, '--reason', 'not ours');
    await untilStatus(api.hopper, task, 'queued');
    const { out } = await run('explain', task);
    expect(out).toMatch(/^ {2}└─ auto project {2}← here/m);
    expect(out).toMatch(/^ {4}rejected by admin: “not ours”$/m);
    expect(out).toMatch(/^Not asked\n {2}manual refused it: “not ours” \(admin\)$/m);
    const tables = (text: string): number => text.match(/✔/g)?.length ?? 0;
    expect([tables(out), tables((await run('explain', task, '--all')).out)]).toEqual([1, 2]);
  });

  it('explain is in colour on a terminal only, and the same text there', async () => {
    const { task } = await offered();
    const { out } = await hopperOnTerminal(['explain', task], env());
    expect(out).toContain(ESCAPE);
    expect(stripVTControlCharacters(out)).toContain('Waits for\n  somebody at manual to accept or reject it');
    for (const line of stripVTControlCharacters(out).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('explain cannot be made to drive the terminal', async () => {
    const { task } = await api.hopper.submit({ title: `bad${ESCAPE}[31m\u202etitle\nsecond`, tags: ['auto'] });
    await untilStatus(api.hopper, task.id, 'queued');
    const { out } = await run('explain', task.id);
    for (const each of [ESCAPE, '\u202e']) expect(out).not.toContain(each);
    expect(out).toMatch(/^“bad/);
  });

  it('explain --json is what the API answers, and an unknown task is exit code 3', async () => {
    const { task } = await offered();
    const { out } = await run('explain', task, '--json');
    expect(JSON.parse(out)).toEqual((await api.get(`/tasks/${task}/explain`)).as(ExplanationResponse));
    const { code, err } = await run('explain', ABSENT);
    expect([code, err]).toEqual([3, expect.stringContaining('no task')]);
  });

  it('route preview shows each decision with its candidates, and changes nothing (rule X2)', async () => {
    const tags = twoHops('manual').flatMap((tag) => ['--tag', tag]);
    const before = await api.hopper.service.tasks.list({ limit: 200 });
    const { code, out } = await run('route', 'preview', 'a task', ...tags, '--minutes', '240');
    expect(code).toBe(0);
    expect(out).toMatch(/^It would wait at manual-builds to be done\.$/m);
    expect(out).toMatch(/^global → manual {2}tags · policy/m);
    expect(out).toMatch(/^ {2}accepts by hand: somebody at manual would have 15 minutes to say yes or no$/m);
    expect(out).toMatch(/^ {2}✔ manual {2}1/m);
    expect(out).toMatch(/^manual-builds puts it into its queue/m);
    expect(out).toMatch(/^Nothing was changed\.$/m);
    expect(await api.hopper.service.tasks.list({ limit: 200 })).toEqual(before);
  });

  it('route preview takes a file, an entry, a policy and a task that is there', async () => {
    const folder = aFolder();
    const [file, policy] = [join(folder, 'task.json'), join(folder, 'policy.yaml')];
    writeFileSync(file, '{\n  "title": "from a file"\n}\n');
    writeFileSync(policy, 'project: { complexity_threshold: 0 }\nglobal:\n');
    const parsed = async (...args: string[]) => {
      const { code, out, err } = await run('route', 'preview', ...args, '--json');
      expect([code, err]).toEqual([0, '']);
      return RoutePreviewResponse.parse(JSON.parse(out)).outcome.instance.name;
    };
    expect(await parsed('--file', file, '--at', 'manual')).toBe('manual');
    expect(await parsed('a task', '--minutes', '60', '--at', 'auto', '--policy', policy)).toBe('auto-builds');
    expect(await parsed('--task', (await offered()).task)).toBe('manual');
  });

  it('route preview of a task that nobody takes says so, and that is no error', async () => {
    const metadata = JSON.stringify({ project_id: ABSENT });
    const { code, out } = await run('route', 'preview', 'a task', '--metadata', metadata);
    expect([code, out]).toEqual([0, expect.stringContaining('It would be rejected at global: metadata.project_id')]);
  });

  it.each([
    ['neither title, file nor task', [], 'give a title'],
    ['a title beside a file', ['a title', '--file', 'x.json'], 'leave out a title'],
    ['a tag beside a task', ['--task', ABSENT, '--tag', 'x'], 'leave out --tag'],
    ['a file beside a task', ['--task', ABSENT, '--file', 'x'], 'leave out --file'],
    ['a file that is not there', ['--file', '/nowhere/task.json'], 'cannot be read'],
    ['a file that is no JSON', ['--file', 'README.md'], 'is not one JSON object'],
    ['a policy that is not there', ['x', '--policy', '/nowhere.yaml'], 'there is no such file'],
    ['a policy that is none', ['x', '--policy', 'config/hierarchy.yaml'], 'is not usable'],
    ['metadata that is a list', ['x', '--metadata', '[1]'], 'task.metadata'],
  ])('route preview refuses %s', async (_what, args, words) => {
    const { code, err } = await run('route', 'preview', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  it('route preview of what is not there is exit code 3', async () => {
    expect((await run('route', 'preview', '--task', ABSENT)).code).toBe(3);
    expect((await run('route', 'preview', 'x', '--at', 'nowhere')).code).toBe(3);
  });
});
