import { readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApi, type TestApi } from '../http/api.ts';
import { by, type Tree, untilStatus } from '../support/hopper.ts';
import { hopperProgram } from '../support/servers/addresses.ts';
import { aFolder, type Ended, hopper, hopperOnTerminal, rows } from './cli.ts';
import { aScript, endWorkers, startWorker, type TestWorker } from './worker.ts';

/** Heartbeats every second; a failed attempt is tried again much later. */
const config = { capabilities: ['build'], worker_timeout_seconds: 4, retry_delay_seconds: 600 };
const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'team',
      scope: 'project',
      children: [
        { name: 'builds', scope: 'orchestration', config },
        { name: 'paints', scope: 'orchestration', config },
        { name: 'idle', scope: 'orchestration', config },
      ],
    },
  ],
};

describe('hopper work', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ tree: TREE, worker: { sweepEveryMs: 300, rereadEveryMs: 500 } });
  });
  afterEach(async () => {
    endWorkers();
    const { items } = await api.hopper.service.tasks.list({ status: 'queued', limit: 200 });
    for (const { id } of items) await api.hopper.service.tasks.command(id, { kind: 'cancel', reason: null }, by());
  });
  afterAll(() => api.stop());

  const env = (): Record<string, string> => ({ HOPPER_URL: api.url });
  const work = (...args: string[]): TestWorker => startWorker(env(), ...args);
  const queued = async (fields: object = {}, at = 'builds'): Promise<string> => {
    const { task } = await api.hopper.submit({ instance_id: api.hopper.idOf(at), ...fields });
    await untilStatus(api.hopper, task.id, 'queued');
    return task.id;
  };
  const attemptsOf = (id: string) => api.hopper.service.leases.attempts(id);
  const taskOf = (id: string) => api.hopper.service.tasks.get(id);
  /** One task, done by the command. */
  const once = async (command: readonly string[], fields: object = {}, more: Record<string, string> = {}) => {
    const id = await queued(fields);
    const worker = startWorker({ ...env(), ...more }, 'builds', '--once', '--', ...command);
    const code = await worker.ended;
    const [attempt] = await attemptsOf(id);
    return { id, code, worker, attempt: attempt!, task: await taskOf(id) };
  };

  it('gives the command the task and its lease, and completes the task with the JSON it writes', async () => {
    const script = aScript(`#!/bin/sh
      node -e '
        const task = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
        const { HOPPER_TASK_ID: id, HOPPER_ATTEMPT: attempt, HOPPER_LEASE_ID: lease, HOPPER_LEASE_TOKEN: token } = process.env;
        require("node:fs").writeFileSync("$folder/token", token);
        console.log(JSON.stringify({ title: task.title, isSame: task.id === id, attempt, lease, url: process.env.HOPPER_URL }));
      '; echo careful >&2`);
    const { code, task, attempt, worker } = await once([script.path], { title: 'the first' });
    expect([code, worker.err()]).toEqual([0, '']);
    expect(task.status).toBe('completed');
    expect(task.result).toEqual({ title: 'the first', isSame: true, attempt: '1', lease: attempt.id, url: api.url });
    expect(attempt).toMatchObject({ outcome: 'completed', output: 'careful' });
    expect(worker.names()).toEqual(['started', 'claimed', 'completed', 'stopped']);
    const token = readFileSync(join(script.folder, 'token'), 'utf8');
    expect(token.length).toBeGreaterThan(20);
    for (const place of [JSON.stringify(worker.lines()), api.log.join('')]) expect(place).not.toContain(token);
  });

  it.each([
    ['text as text', 'echo "all done"', 'all done'],
    ['nothing as null', 'true', null],
    ['bytes that are no text, replaced', `printf 'a\\377\\000b'`, 'a\ufffd\ufffdb'],
    ['what a command that reads no input writes', 'exec <&-; echo 1', 1],
    ['what was written before something in the background kept the output open', 'sleep 300 & echo 2', 2],
  ])('takes %s', async (_what, script, result) => {
    const { task, code } = await once(['sh', '-c', script], { description: 'x'.repeat(50_000) });
    expect([code, task.status, task.result]).toEqual([0, 'completed', result]);
  });

  it.each([
    [
      'a wrong exit code',
      'seq 1 30 >&2; exit 3',
      'exit code 3',
      Array.from({ length: 20 }, (_, n) => String(n + 11)).join('\n'),
    ],
    ['a signal', 'kill -SEGV $$', 'ended by SIGSEGV', null],
    ['10 MB', 'head -c 10485760 /dev/zero | tr "\\0" x; echo end >&2', 'it wrote 10485760 bytes', 'end'],
    ['65 kB', 'head -c 65535 /dev/zero | tr "\\0" x', 'it wrote 65535 bytes', null],
    ['10 MB of errors', 'head -c 10485760 /dev/zero | tr "\\0" x >&2; exit 1', 'exit code 1', 'x'.repeat(4_096)],
    [
      'JSON that cannot be stored',
      `printf '"\\\\u0000"'`,
      'the JSON on its standard output must not contain a NUL',
      null,
    ],
  ])('fails the attempt for %s, with the reason and the last words', async (_what, script, reason, output) => {
    const { task, code, attempt, worker } = await once(['sh', '-c', script]);
    expect([code, task.status]).toEqual([0, 'queued']);
    expect(attempt).toMatchObject({ outcome: 'failed', output, reason: expect.stringContaining(reason) });
    expect(worker.lines()).toContainEqual(expect.objectContaining({ event: 'failed', status: 'queued' }));
  });

  it('says of a command that does not exist so, before it claims anything', async () => {
    const id = await queued();
    for (const command of ['no-such-program', './no/such/program', dirname(hopperProgram())]) {
      const { code, out, err } = await hopper(['work', 'builds', '--', command], env());
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^hopper: .*program.*nothing was claimed\n$/);
    }
    expect(await attemptsOf(id)).toEqual([]);
  });

  it('gives the task back when the command cannot be started after all, and ends', async () => {
    const script = aScript('#!/no/such/interpreter\n');
    const { code, worker, attempt, task } = await once([script.path]);
    expect([code, task.status, attempt.outcome]).toEqual([2, 'queued', 'released']);
    expect(worker.err()).toMatch(/^hopper: \S+command.sh cannot be started: .*ENOENT\n$/);
  });

  it('works on several tasks at a time', async () => {
    // Each waits for the other: one after the other they would wait for ever.
    const script = aScript(`#!/bin/sh
      touch "$folder/$HOPPER_TASK_ID"
      until [ "$(ls "$folder" | wc -l)" -ge 3 ]; do sleep 0.05; done
      echo "$HOPPER_TASK_ID"`);
    const ids = [await queued({}, 'paints'), await queued({}, 'paints')];
    const worker = work('paints', '--concurrency', '2', '--max-tasks', '2', '--', script.path);
    expect(await worker.ended).toBe(0);
    for (const id of ids) expect(await taskOf(id)).toMatchObject({ status: 'completed', result: id });
    const claimed = worker.lines().filter(({ event }) => event === 'claimed');
    expect(claimed.map((line) => line['slot'])).toEqual([1, 2]);
  });

  it('takes from several instances, and from all below one', async () => {
    const ids = [await queued({}, 'paints'), await queued({}, 'idle')];
    const worker = work('idle', 'paints', '--max-tasks', '2', '--', 'true');
    expect(await worker.ended).toBe(0);
    for (const id of ids) expect((await taskOf(id)).status).toBe('completed');
    const last = await queued({ tags: ['cobol'] }, 'paints');
    const other = await queued({ tags: ['sql'] }, 'paints');
    expect(await work('team', '--subtree', '--skill', 'SQL', '--once', '--', 'true').ended).toBe(0);
    expect([(await taskOf(other)).status, (await taskOf(last)).status]).toEqual(['completed', 'queued']);
    expect(await work('global', '--subtree', '--skill', 'cobol', '--once', '--', 'true').ended).toBe(0);
    expect((await taskOf(last)).status).toBe('completed');
  });

  it('lets the command say how far it is', async () => {
    const script = aScript(`#!/bin/sh
      ${process.execPath} ${hopperProgram()} heartbeat --note "half way" --percent 50`);
    const { code, attempt, task } = await once([script.path]);
    expect([code, task.status]).toEqual([0, 'completed']);
    expect(attempt).toMatchObject({ progressNote: 'half way', progressPercent: 50 });
    expect(task.result).toMatch(/held\texpires \d{4}-/);
  });

  it('prints lines with tabs where there is no terminal, and its own words on standard error', async () => {
    const id = await queued({ title: 'a \u001b[31mred title' });
    const { code, out, err } = await hopper(['work', 'builds', '--once', '--worker-id', 'w1', '--', 'true'], env());
    expect([code, rows(out)]).toEqual([
      0,
      [
        [expect.any(String), 'claimed', id, 'attempt 1', 'a  [31mred title'],
        [expect.any(String), 'completed', id, expect.stringMatching(/^in \d s$/), 'a  [31mred title'],
      ],
    ]);
    expect(err).toMatch(/^hopper: w1 works for builds, .*\nhopper: stopped: 1 completed\n$/);
  });

  it('draws a table on a terminal, and leaves the terminal as it was', async () => {
    await queued({ title: 'on a terminal' });
    const { code, out } = await hopperOnTerminal(['work', 'builds', '--once', '--', 'true'], env());
    expect(code).toBe(0);
    expect(out).toMatch(/slot {2}attempt {3}running for/);
    expect(out).toMatch(/on a terminal/);
    expect(out).toMatch(/✔.*on a terminal {2}.*completed in 0 s/);
    expect(out.lastIndexOf('\u001b[?25h')).toBeGreaterThan(out.lastIndexOf('\u001b[?25l'));
    expect(out.lastIndexOf('\u001b[?7h')).toBeGreaterThan(out.lastIndexOf('\u001b[?7l'));
  });

  it.each([
    ['no command', ['builds'], 2, /command is missing/],
    ['no instance', ['--', 'true'], 2, /instance is missing/],
    ['an unknown instance', ['nobody', '--', 'true'], 3, /no instance "nobody"/],
    ['a Global', ['global', '--', 'true'], 2, /Global.*--subtree/],
    ['no slot', ['builds', '--concurrency', '0', '--', 'true'], 2, /1 or more/],
    ['a worker without a name', ['builds', '--worker-id', ' ', '--', 'true'], 2, /worker_id/],
  ])('ends at once for %s', async (_what, args, code, words): Promise<void> => {
    const ended: Ended = await hopper(['work', ...args], env());
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toMatch(words);
  });

  it('the example does what its README says', async () => {
    const folder = aFolder();
    symlinkSync(hopperProgram(), join(folder, 'hopper'));
    const summed = (fields: object): ReturnType<typeof once> =>
      once(['examples/workers/summarize.sh'], fields, { PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    const first = await summed({ description: 'Sales went up. Nobody knows why.' });
    expect(first.task.result).toEqual({ words: 6, lines: 1, attempt: 1 });
    expect(first.attempt.progressNote).toBe('counting words');
    const second = await summed({});
    expect(second.attempt).toMatchObject({ outcome: 'failed', reason: 'exit code 3' });
    expect(second.attempt.output).toContain('has no description');
    const third = await summed({ description: 'x', tags: ['flaky'] });
    expect(third.attempt).toMatchObject({ outcome: 'failed', reason: 'exit code 1' });
  });

  it('waits for an instance that is paused, and says so once', async () => {
    await api.hopper.service.instances.move(api.hopper.idOf('idle'), 'pause', by());
    const worker = work('idle', '--once', '--', 'true');
    expect((await worker.until('waiting')).reason).toMatch(/idle is paused/);
    await api.hopper.service.instances.move(api.hopper.idOf('idle'), 'resume', by());
    const id = await queued({}, 'idle');
    expect(await worker.ended).toBe(0);
    expect((await taskOf(id)).status).toBe('completed');
    expect(worker.names().filter((name) => name === 'waiting')).toHaveLength(1);
  });
});
