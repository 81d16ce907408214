import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readStackFile } from '../../src/cli/stack-file.ts';
import { eventually } from '../support/hopper.ts';
import { aFolder, hopper, rows } from './cli.ts';
import { hasStackFile, isAlive, startUp } from './up.ts';

describe('hopper up', () => {
  it('brings everything up, keeps it up, takes it down in order, and finds it all again', async () => {
    const dataDir = aFolder();
    const first = startUp(dataDir);
    const stack = await first.ready();
    const env = { HOPPER_DATA_DIR: dataDir };
    expect(statSync(join(dataDir, 'stack.json')).mode & 0o777).toBe(0o600);
    expect(stack).toMatchObject({
      api_key: null,
      namespace: 'default',
      task_queue: 'hopper',
      http_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    for (const pid of Object.values(stack.pids)) expect(isAlive(pid)).toBe(true);
    await eventually(
      () => Promise.resolve(first.said()),
      (said) => said.includes(stack.http_url) && said.includes(stack.temporal_ui_url ?? '?'),
    );

    const [[id = ''] = []] = rows((await hopper(['submit', 'survive me', '--tag', 'frontend'], env)).out);
    await eventually(
      async () => (await hopper(['task', 'show', id, '--json'], env)).out,
      (out) => out.includes('"queued"'),
    );

    const second = startUp(dataDir);
    expect(await second.ended).toBe(2);
    expect(second.said()).toContain(stack.http_url);

    process.kill(stack.pids.worker!, 'SIGKILL');
    process.kill(stack.pids.http!, 'SIGKILL');
    const healed = await eventually(
      () => Promise.resolve(readStackFile(dataDir)),
      (now) =>
        isAlive(now!.pids.worker) &&
        isAlive(now!.pids.http) &&
        now!.pids.worker !== stack.pids.worker &&
        now!.pids.http !== stack.pids.http,
    );
    expect(healed?.http_url).toBe(stack.http_url);
    expect(first.said()).toMatch(/`hopper worker` ended \(SIGKILL\)[\s\S]*is back/);
    expect((await hopper(['task', 'show', id], env)).code).toBe(0);

    first.signal('SIGINT');
    expect(await first.ended).toBe(0);
    expect(hasStackFile(dataDir)).toBe(false);
    for (const pid of Object.values(healed!.pids)) expect(isAlive(pid)).toBe(false);

    const third = startUp(dataDir);
    await third.ready();
    expect((await hopper(['task', 'complete', id], env)).code).toBe(0);
    third.signal('SIGTERM');
    expect(await third.ended).toBe(0);
  }, 180_000);

  it('copes with what a killed one has left behind', async () => {
    const dataDir = aFolder();
    const killed = startUp(dataDir);
    const before = await killed.ready();
    killed.signal('SIGKILL');
    await killed.ended;
    expect(hasStackFile(dataDir)).toBe(true);
    const next = startUp(dataDir);
    const after = await next.ready();
    for (const pid of [before.pids.worker, before.pids.http]) expect(isAlive(pid)).toBe(false);
    expect((await hopper(['instance', 'tree'], { HOPPER_URL: after.http_url })).code).toBe(0);
    next.signal('SIGINT');
    expect(await next.ended).toBe(0);
    for (const pid of Object.values(after.pids)) expect(isAlive(pid)).toBe(false);
  }, 180_000);

  it('that is interrupted while it starts leaves nothing running', async () => {
    const dataDir = aFolder();
    const up = startUp(dataDir);
    await eventually(
      () => Promise.resolve(up.said()),
      (said) => said.includes('starting Temporal'),
    );
    up.signal('SIGINT');
    expect(await up.ended).toBe(130);
    expect(hasStackFile(dataDir)).toBe(false);
    expect((await hopper(['inbox'], { HOPPER_DATA_DIR: dataDir })).code).toBe(5);
  }, 60_000);
});

describe('hopper up before it starts anything', () => {
  /** Nothing was half started if the folder is as empty as it was. */
  const refusal = async (env: Record<string, string>): Promise<{ code: number | null; said: string }> => {
    const dataDir = aFolder();
    const up = startUp(dataDir, env);
    const code = await up.ended;
    expect(readdirSync(dataDir)).toEqual([]);
    return { code, said: up.said() };
  };
  const aFile = (text: string): string => {
    const path = join(aFolder(), 'broken.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('names the line of a broken policy', async () => {
    const { code, said } = await refusal({ HOPPER_CONFIG: aFile('project:\n  complexity_threshold: many\n') });
    expect([code, said]).toEqual([2, expect.stringMatching(/broken\.yaml:2:3.*complexity_threshold/)]);
  });

  it('names the line of a broken hierarchy', async () => {
    const { code, said } = await refusal({
      HOPPER_HIERARCHY: aFile('name: a\nscope: global\nchildren:\n  - name: b\n    scope: global\n'),
    });
    expect([code, said]).toEqual([2, expect.stringMatching(/broken\.yaml:5:5.*scope/)]);
  });

  it('says that a port is in use, and which', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const port = String((taken.address() as AddressInfo).port);
    const { code, said } = await refusal({ HOPPER_HTTP_PORT: port });
    taken.close();
    expect([code, said]).toEqual([
      2,
      expect.stringMatching(new RegExp(`port ${port} .*in use[\\s\\S]*HOPPER_HTTP_PORT`)),
    ]);
  });

  it('says that a host is not of this machine', async () => {
    expect(await refusal({ HOPPER_HOST: '203.0.113.1' })).toMatchObject({
      code: 2,
      said: expect.stringContaining('HOPPER_HOST'),
    });
  });
});

describe('hopper up without what it needs', () => {
  it('says that the data folder cannot be written', async () => {
    const file = join(aFolder(), 'a-file');
    writeFileSync(file, '');
    const up = startUp(join(file, 'below'));
    expect([await up.ended, up.said()]).toEqual([2, expect.stringContaining('HOPPER_DATA_DIR')]);
  });

  it.each([
    ['database', { DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/x' }],
    ['Temporal', { DATABASE_URL: '', TEMPORAL_ADDRESS: '127.0.0.1:1' }],
  ])(
    'says that the %s that it was told of is away',
    async (_what, env) => {
      const dataDir = aFolder();
      const up = startUp(dataDir, env);
      expect([await up.ended, up.said()]).toEqual([5, expect.stringContaining('127.0.0.1:1')]);
      expect(up.said()).not.toContain('hush');
      expect(existsSync(join(dataDir, 'stack.json'))).toBe(false);
    },
    60_000,
  );
});
