import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptResponse, ClaimResponse, HeartbeatResponse } from '../../src/domain/lease.schema.ts';
import { pageOf } from '../../src/domain/page.schema.ts';
import { ABSENT, startApi, type TestApi } from '../http/api.ts';
import { by, type Tree, untilStatus } from '../support/hopper.ts';
import { type Ended, hopper, hopperOnTerminal, rows } from './cli.ts';

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'team',
      scope: 'project',
      children: [
        { name: 'builds', scope: 'orchestration', config: { retry_delay_seconds: 600 } },
        { name: 'idle', scope: 'orchestration' },
      ],
    },
  ],
};

describe('the commands of a worker', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ tree: TREE });
  });
  afterEach(async () => {
    const { items } = await api.hopper.service.tasks.list({ status: 'queued', limit: 200 });
    for (const { id } of items) await api.hopper.service.tasks.command(id, { kind: 'cancel', reason: null }, by());
  });
  afterAll(() => api.stop());

  const run = (...args: string[]): Promise<Ended> => hopper(args, { HOPPER_URL: api.url });
  const queued = async (): Promise<string> => {
    const { task } = await api.hopper.submit({ title: 'by hand', instance_id: api.hopper.idOf('builds') });
    await untilStatus(api.hopper, task.id, 'queued');
    return task.id;
  };
  const claim = async (...flags: string[]): Promise<ClaimResponse> => {
    const { code, out } = await run('claim', 'builds', '--worker-id', 'w1', ...flags);
    expect(code).toBe(0);
    return ClaimResponse.parse(JSON.parse(out));
  };
  const asHolder = ({ lease }: ClaimResponse, words: readonly string[], stdin = ''): Promise<Ended> =>
    hopper(words, { HOPPER_URL: api.url, HOPPER_LEASE_ID: lease.id, HOPPER_LEASE_TOKEN: lease.token }, stdin);

  it('claim takes a task once, the same request again gives the same lease', async () => {
    const id = await queued();
    const claimed = await claim('--request-id', id);
    expect(claimed).toMatchObject({ task: { id, status: 'in_progress' }, lease: { attempt: 1 } });
    expect((await claim('--request-id', id)).lease.id).toBe(claimed.lease.id);
    expect((await asHolder(claimed, ['finish'])).code).toBe(0);
  });

  it('claim with nothing to do prints nothing, and ends with 1', async () => {
    expect(await run('claim', 'idle', '--worker-id', 'w1')).toEqual({
      code: 1,
      out: '',
      err: 'hopper: nothing to do\n',
    });
    const began = performance.now();
    expect((await run('claim', 'idle', 'builds', '--worker-id', 'w1', '--wait', '2')).code).toBe(1);
    expect(performance.now() - began).toBeGreaterThan(2_000);
  });

  it('heartbeat says that it is held, and keeps note and percent', async () => {
    const id = await queued();
    const claimed = await claim();
    const told = await asHolder(claimed, ['heartbeat', '--note', 'half way', '--percent', '50']);
    expect([told.code, rows(told.out)[0]?.slice(0, 2)]).toEqual([0, [claimed.lease.id, 'held']]);
    expect(rows((await run('task', 'attempts', id)).out)).toEqual([
      ['1', 'w1', expect.stringMatching(/^\d{4}-/), 'running', '50 % half way'],
    ]);
    expect((await asHolder(claimed, ['release', '--reason', 'later'])).code).toBe(0);
  });

  it('ask puts a question before a person; heartbeats bring the answer, of several lines or of one (rule W8)', async () => {
    const id = await queued();
    const claimed = await claim();
    const asked = await asHolder(claimed, ['ask', 'which account?']);
    expect([asked.code, rows(asked.out)[0]?.slice(0, 2)]).toEqual([0, [id, 'blocked']]);
    expect((await run('inbox')).out).toContain(id);
    expect((await asHolder(claimed, ['ask', 'another one?'])).code).toBe(4);
    expect(rows((await asHolder(claimed, ['heartbeat'])).out)[0]).toHaveLength(3);
    expect((await run('task', 'answer', id, 'the first\n\u001b[31mor the second')).code).toBe(0);
    const heard = rows((await asHolder(claimed, ['heartbeat'])).out)[0];
    expect(heard?.slice(3)).toEqual(['answer: the first  [31mor the second']);
    expect((await asHolder(claimed, ['finish'])).code).toBe(0);
  });

  it('ask --wait prints the answer when it comes, and nothing else (rule W8)', async () => {
    const id = await queued();
    const claimed = await claim();
    const asking = asHolder(claimed, ['ask', 'which account?', '--wait', '60']);
    await untilStatus(api.hopper, id, 'blocked');
    await run('task', 'answer', id, 'of 2025\n\u001b[31mnot 2024');
    expect(await asking).toEqual({ code: 0, out: 'of 2025\n [31mnot 2024\n', err: '' });
    const again = asHolder(claimed, ['ask', 'and now?', '--wait', '60', '--json']);
    await untilStatus(api.hopper, id, 'blocked');
    await run('task', 'answer', id, 'yes');
    expect(HeartbeatResponse.parse(JSON.parse((await again).out))).toMatchObject({ answer: 'yes' });
    expect((await asHolder(claimed, ['finish'])).code).toBe(0);
  });

  it('ask --wait says so when nobody answers in time, or when the lease is lost meanwhile', async () => {
    const id = await queued();
    const claimed = await claim();
    const nobody = await run('ask', 'which?', claimed.lease.id, '--token', claimed.lease.token, '--wait', '1');
    expect(nobody).toEqual({ code: 1, out: '', err: 'hopper: nobody has answered within 1 s; the question stays\n' });
    const asking = asHolder(claimed, ['ask', 'which?', '--wait', '60']);
    await run('task', 'cancel', id);
    const lost = await asking;
    expect([lost.code, lost.out, lost.err]).toEqual([4, '', expect.stringContaining('lease has ended')]);
  });

  it('finish completes the task with a result from its flag or from standard input', async () => {
    const first = await queued();
    const done = await asHolder(await claim(), ['finish', '--result', '{"ok":true}']);
    expect([done.code, rows(done.out)[0]?.slice(0, 2)]).toEqual([0, [first, 'completed']]);
    const second = await queued();
    expect((await asHolder(await claim(), ['finish', '--result', '-'], '[1,2]')).code).toBe(0);
    const results = await Promise.all([first, second].map((id) => api.hopper.service.tasks.get(id)));
    expect(results.map(({ result }) => result)).toEqual([{ ok: true }, [1, 2]]);
  });

  it('fail ends the attempt, release gives it back uncounted; task attempts tells of both', async () => {
    const id = await queued();
    const { lease } = await claim();
    const released = await run('release', lease.id, '--token', lease.token, '--reason', 'not now');
    expect([released.code, rows(released.out)[0]?.[1]]).toEqual([0, 'queued']);
    const failed = await asHolder(await claim(), ['fail', '--reason', 'broken', '--output', 'one\n\u001b[31mtwo']);
    expect([failed.code, rows(failed.out)[0]?.[1]]).toEqual([0, 'queued']);
    const at = expect.stringMatching(/^\d{4}-/);
    expect(rows((await run('task', 'attempts', id)).out)).toEqual([
      ['1', 'w1', at, 'released', 'not now'],
      ['2', 'w1', at, 'failed', 'broken'],
    ]);
    const output = await run('task', 'attempts', id, '--output');
    expect([output.out, output.err]).toEqual(['one\n [31mtwo\n', 'attempt 2, w1, failed:\n']);
    const json = await run('task', 'attempts', id, '--json');
    expect(pageOf(AttemptResponse).parse(JSON.parse(json.out)).items).toHaveLength(2);
    expect((await hopperOnTerminal(['task', 'attempts', id], { HOPPER_URL: api.url })).out).toMatch(/attempt.*worker/);
    const late = await run('finish', lease.id, '--token', lease.token);
    expect([late.code, late.err]).toEqual([4, expect.stringMatching(/lease has ended \(released: not now\)/)]);
  });

  it('task attempts says of a task that nobody has tried so', async () => {
    const id = await queued();
    expect(await run('task', 'attempts', id)).toEqual({ code: 0, out: '', err: 'Nobody has tried it yet.\n' });
    expect(await run('task', 'attempts', id, '--output')).toMatchObject({ code: 0, out: '' });
  });

  it.each([
    ['no lease and no token', ['heartbeat'], 2, /HOPPER_LEASE_ID[\s\S]*HOPPER_LEASE_TOKEN/],
    ['an unknown lease', ['heartbeat', ABSENT, '--token', 'x'], 3, /lease/],
    ['a lease that is no id', ['release', 'mine', '--token', 'x'], 3, /lease/],
    ['a result that is no JSON', ['finish', ABSENT, '--token', 'x', '--result', 'done'], 2, /JSON/],
    ['a question without words', ['ask', ' ', ABSENT, '--token', 'x'], 2, /question/],
    ['no question', ['ask'], 2, /question/],
    ['a wait of no time', ['ask', 'what?', ABSENT, '--token', 'x', '--wait', '0'], 2, /wait/],
    ['a percent above 100', ['heartbeat', ABSENT, '--token', 'x', '--percent', '101'], 2, /percent/],
    ['a failure without a reason', ['fail', ABSENT, '--token', 'x'], 2, /reason/],
    ['a claim without a name', ['claim', 'builds'], 2, /worker-id/],
    ['a longer wait than the server has', ['claim', 'builds', '--worker-id', 'w', '--wait', '26'], 2, /wait_seconds/],
    ['a claim at a Global', ['claim', 'global', '--worker-id', 'w'], 4, /Global/],
    ['the attempts of an unknown task', ['task', 'attempts', ABSENT], 3, /task/],
  ])('%s ends with its exit code and one message', async (_what, args, code, words) => {
    const ended = await run(...args);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toMatch(/^hopper: \S|^error/);
    expect(ended.err).toMatch(words);
  });

  it('a token of another lease is not allowed', async () => {
    await queued();
    await queued();
    const [one, other] = [await claim(), await claim()];
    expect((await run('finish', one.lease.id, '--token', other.lease.token)).code).toBe(6);
    for (const each of [one, other]) expect((await asHolder(each, ['finish'])).code).toBe(0);
  });
});
