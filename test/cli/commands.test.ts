import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DelegationChainResponse } from '../../src/domain/delegation.schema.ts';
import { InstanceResponse } from '../../src/domain/instance.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { ABSENT, startApi, type TestApi } from '../http/api.ts';
import { by, eventually, twoHops, untilStatus } from '../support/hopper.ts';
import { aFolder, type Ended, hopper, rows } from './cli.ts';

describe('hopper', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const run = (...args: string[]): Promise<Ended> => hopper(args, { HOPPER_URL: api.url });
  const submit = async (...args: string[]): Promise<TaskResponse> => {
    const { code, out } = await run('submit', 'a task', '--json', ...args);
    expect(code).toBe(0);
    return TaskResponse.parse(JSON.parse(out));
  };
  const queued = async (): Promise<TaskResponse> => {
    const task = await submit('--minutes', '240', ...twoHops('auto').flatMap((tag) => ['--tag', tag]));
    await untilStatus(api.hopper, task.id, 'queued');
    return task;
  };
  const offered = async (): Promise<{ task: string; delegation: string }> => {
    const { id } = await submit('--tag', 'manual');
    await untilStatus(api.hopper, id, 'offered');
    const { chain } = await api.hopper.service.tasks.chain(id);
    return { task: id, delegation: chain.at(-1)!.id };
  };

  it('submit takes every flag', async () => {
    const task = await submit(
      '--tag',
      'auto',
      '--tag',
      'billing',
      '--priority',
      'high',
      '--description',
      'all of it',
      '--minutes',
      '30',
      '--metadata',
      '{"a":1}',
      '--instance',
      'auto',
    );
    expect(task).toMatchObject({
      title: 'a task',
      tags: ['auto', 'billing'],
      priority: 'high',
      description: 'all of it',
      estimated_duration: 30,
      metadata: { a: 1 },
      entry_instance_id: api.hopper.idOf('auto'),
    });
  });

  it('submit --file sends every line, and prints one line for each where there is no terminal', async () => {
    const { code, out, err } = await run('submit', '--file', 'examples/tasks.jsonl');
    expect(code).toBe(0);
    expect(rows(out)).toHaveLength(20);
    for (const [id = ''] of rows(out)) expect((await api.hopper.service.tasks.get(id)).id).toBe(id);
    expect(err).toContain('20 of 20');
    expect(out).not.toContain('\u001b');
  });

  it('submit --file - reads standard input', async () => {
    const { code, out } = await hopper(
      ['submit', '--file', '-', '--json'],
      { HOPPER_URL: api.url },
      '{"title":"one"}\n\n{"title":"two"}',
    );
    expect(code).toBe(0);
    expect(
      TaskResponse.array()
        .parse(JSON.parse(out))
        .map(({ title }) => title),
    ).toEqual(['one', 'two']);
  });

  it('submit --file names every bad line, and sends nothing', async () => {
    const file = join(aFolder(), 'bad.jsonl');
    const tag = `bad-${String(Date.now())}`;
    writeFileSync(
      file,
      [`{"title":"fine","tags":["${tag}"]}`, 'no json', '{"title":"","priority":"asap"}', '', '[]'].join('\n'),
    );
    const { code, err } = await run('submit', '--file', file);
    expect(code).toBe(2);
    for (const line of ['line 2', 'line 3, title', 'line 3, priority', 'line 5']) expect(err).toContain(line);
    expect(err).not.toContain('line 1:');
    expect(rows((await run('task', 'list', '--tag', tag)).out)).toEqual([]);
  });

  it('task list finds, task show tells, both also as JSON', async () => {
    const { id } = await queued();
    const listed = rows((await run('task', 'list', '--status', 'queued', '--instance', 'auto-builds')).out);
    expect(listed).toContainEqual([id, 'queued', 'medium', 'auto-builds', 'a task']);
    const shown = await run('task', 'show', id);
    expect(shown.out).toMatch(/status\s+queued/);
    expect(shown.out).toMatch(/at\s+auto-builds/);
    expect(TaskResponse.parse(JSON.parse((await run('task', 'show', id, '--json')).out)).id).toBe(id);
  });

  it('task show says of which task it is a copy and that it missed its due time; task retry makes the copy', async () => {
    const { id } = await queued();
    const early = await run('task', 'retry', id);
    expect([early.code, early.out]).toEqual([4, '']);
    expect(early.err).toContain('task is queued: only a task that has ended is retried');
    await api.hopper.service.tasks.patch(id, { due_at: '2026-01-01T00:00:00Z' }, by());
    await eventually(
      () => api.hopper.service.tasks.get(id),
      ({ missedDueAt }) => missedDueAt !== null,
    );
    expect((await run('task', 'show', id)).out).toMatch(/due\s+2026-01-01T00:00:00.000Z \(missed\)/);
    expect((await run('explain', id)).out).toMatch(/It\s+is\s+overdue:\s+it\s+was\s+due\s+\d+\s+days\s+ago/);
    await run('task', 'cancel', id);
    const copied = await run('task', 'retry', id);
    const [copy = '', , , title] = rows(copied.out)[0] ?? [];
    expect([copied.code, title]).toEqual([0, 'a task']);
    expect((await run('task', 'show', copy)).out).toMatch(new RegExp(`retry of\\s+${id}`));
    expect((await run('task', 'retry', ABSENT)).code).toBe(3);
  });

  it('chain tells who handed the task to whom and why, as words, JSON and Mermaid', async () => {
    const { id } = await queued();
    const tree = (await run('chain', id)).out;
    expect(tree).toMatch(/0 route global → auto/);
    expect(tree).toMatch(/1 route auto → auto-builds/);
    expect(tree).toMatch(/because .*tag/);
    expect(tree).toMatch(/now: waits at auto-builds/);
    const json = await run('chain', id, '--format', 'json');
    expect(DelegationChainResponse.parse(JSON.parse(json.out)).chain).toHaveLength(2);
    const mermaid = (await run('chain', id, '--format', 'mermaid')).out;
    expect(mermaid).toMatch(/^sequenceDiagram\n/);
    expect(mermaid).toMatch(/i0->>i1: 0 route/);
  });

  it('chain tells how to go on: an offer, work that was handed down, work that never was', async () => {
    const now = async (task: string): Promise<string> => (await run('chain', task)).out.split('\n').at(-2) ?? '';
    const { task, delegation } = await offered();
    expect(await now(task)).toMatch(
      new RegExp(
        `^now: waits for manual .*: hopper accept ${delegation}, or hopper reject ${delegation} --reason WHY$`,
      ),
    );
    const { id } = await queued();
    const { chain } = await api.hopper.service.tasks.chain(id);
    expect(await now(id)).toMatch(new RegExp(`^now: waits at auto-builds .*: hopper complete ${chain.at(-1)!.id}$`));
    const direct = await submit('--instance', 'auto-builds');
    await untilStatus(api.hopper, direct.id, 'queued');
    expect(await now(direct.id)).toMatch(new RegExp(`: hopper task complete ${direct.id}$`));
    await run('task', 'complete', direct.id);
    expect(await now(direct.id)).toMatch(/^now: completed at auto-builds by \S+$/);
  });

  it('inbox lists offers; accept and complete move one', async () => {
    const { task, delegation } = await offered();
    expect(rows((await run('inbox')).out).map(([id]) => id)).toContain(delegation);
    expect(rows((await run('inbox', 'auto')).out).map(([id]) => id)).not.toContain(delegation);
    const accepted = await run('accept', delegation, '--notes', 'ours');
    expect([accepted.code, rows(accepted.out)[0]?.slice(0, 2)]).toEqual([0, [delegation, 'accepted']]);
    await untilStatus(api.hopper, task, 'queued');
    expect((await run('complete', delegation, '--result', '{"ok":true}')).code).toBe(0);
    const done = await untilStatus(api.hopper, task, 'completed');
    expect(done.result).toEqual({ ok: true });
  });

  it('reject refuses for good, and the second word is a conflict that says whose the first was', async () => {
    const { delegation } = await offered();
    expect((await run('reject', delegation, '--reason', 'not ours', '--code', 'wrong_team')).code).toBe(0);
    const late = await run('accept', delegation);
    expect(late.code).toBe(4);
    expect(late.err).toMatch(/rejected.*admin/);
  });

  it.each([
    ['complete', [], 'completed'],
    ['fail', ['--reason', 'no way'], 'failed'],
    ['cancel', [], 'cancelled'],
  ])('task %s ends a task', async (verb, flags, status) => {
    const { id } = await queued();
    const { code, out } = await run('task', verb, id, ...flags);
    expect([code, rows(out)[0]?.slice(0, 2)]).toEqual([0, [id, status]]);
  });

  it('task escalate gives a task back, and reroute --to hands it to whom you name', async () => {
    const { id } = await queued();
    expect((await run('task', 'escalate', id, '--reason', 'no access')).code).toBe(0);
    const other = await queued();
    expect((await run('task', 'reroute', other.id, '--to', 'manual')).code).toBe(0);
    const { chain } = await api.hopper.service.tasks.chain(other.id);
    expect(chain.at(-1)).toMatchObject({ delegationType: 'reassign', targetInstanceId: api.hopper.idOf('manual') });
  });

  it('instance create, start, pause, resume, list and tree', async () => {
    const created = await run(
      'instance',
      'create',
      'mobile',
      '--scope',
      'project',
      '--parent',
      'global',
      '--capability',
      'ios',
      '--acceptance',
      'manual',
      '--json',
    );
    expect(InstanceResponse.parse(JSON.parse(created.out))).toMatchObject({
      status: 'created',
      config: { capabilities: ['ios'], acceptance: 'manual' },
    });
    for (const [verb, status] of [
      ['start', 'running'],
      ['pause', 'paused'],
      ['resume', 'running'],
    ] as const) {
      expect(rows((await run('instance', verb, 'mobile')).out)[0]).toEqual([
        expect.any(String),
        'project',
        status,
        'mobile',
      ]);
    }
    expect(rows((await run('instance', 'list', '--scope', 'project')).out).map((row) => row[4])).toContain('mobile');
    expect((await run('instance', 'tree')).out).toMatch(/global[\s\S]*auto[\s\S]*auto-builds/);
  });

  it.each([
    ['an unknown command', ['frobnicate'], 2],
    ['an unknown option', ['inbox', '--loud'], 2],
    ['a missing argument', ['chain'], 2],
    ['a value that is none of the choices', ['task', 'list', '--status', 'asleep'], 2],
    ['metadata that is no JSON', ['submit', 'x', '--metadata', '{'], 2],
    ['metadata that the server refuses', ['submit', 'x', '--metadata', '[]'], 2],
    ['nothing to submit', ['submit'], 2],
    ['title and file', ['submit', 'x', '--file', 'y'], 2],
    ['a file that is not there', ['submit', '--file', '/nowhere.jsonl'], 2],
    ['a project without a parent', ['instance', 'create', 'x', '--scope', 'project'], 2],
    ['an unknown task', ['chain', ABSENT], 3],
    ['a task that is no id', ['task', 'show', 'mine'], 3],
    ['an unknown delegation', ['accept', ABSENT], 3],
    ['an instance that nobody has named so', ['inbox', 'nobody'], 3],
  ])('%s ends with its exit code and one message', async (_what, args, code) => {
    const ended = await run(...args);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toMatch(/^hopper: \S/);
    expect(ended.err).not.toMatch(/\n\s+at /);
  });

  it('instance delete --wait ends what runs, also by force; one with something below it goes on', async () => {
    const create = ['instance', 'create', 'shortest', '--scope', 'project', '--parent', 'global', '--start'];
    const [[id = ''] = []] = rows((await run(...create)).out);
    const deleted = await run('instance', 'delete', 'shortest', '--force', '--wait');
    expect([deleted.code, rows(deleted.out)]).toEqual([0, [[id, 'project', 'terminated', 'shortest']]]);
    const refused = await run('instance', 'delete', 'auto');
    expect([refused.code, refused.err]).toEqual([4, expect.stringContaining('auto has auto-builds below it')]);
  });

  it('instance stop --wait answers when it is stopped; instance delete takes what is empty', async () => {
    const create = ['instance', 'create', 'brief', '--scope', 'project', '--parent', 'global', '--start'];
    const [[id = ''] = []] = rows((await run(...create)).out);
    const stopped = await run('instance', 'stop', 'brief', '--wait');
    expect([stopped.code, rows(stopped.out)]).toEqual([0, [[id, 'project', 'stopped', 'brief']]]);
    const again = await run('instance', 'stop', 'brief', '--json');
    expect(InstanceResponse.parse(JSON.parse(again.out)).status).toBe('stopped');
    const deleted = await run('instance', 'delete', 'brief');
    expect([deleted.code, rows(deleted.out)]).toEqual([0, [[id, 'project', 'terminated', 'brief']]]);
    const byId = await run('instance', 'delete', id, '--json');
    expect(InstanceResponse.parse(JSON.parse(byId.out)).status).toBe('terminated');
    expect((await run('instance', 'stop', 'brief')).code).toBe(3);
  });

  it('two instances of one name have to be named by id', async () => {
    for (const parent of ['auto', 'manual']) {
      expect((await run('instance', 'create', 'twin', '--scope', 'orchestration', '--parent', parent)).code).toBe(0);
    }
    const { code, err } = await run('instance', 'start', 'twin');
    expect(code).toBe(2);
    expect(err.match(/[0-9a-f-]{36}/g)).toHaveLength(2);
  });

  it('text of others cannot drive the terminal', async () => {
    const { code, out } = await run('submit', 'a\u001b[31m red\u0007 title');
    expect(code).toBe(0);
    expect(out).toContain('[31m red');
    for (const control of ['\u001b', '\u0007']) expect(out).not.toContain(control);
  });
});
