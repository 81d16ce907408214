import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aFolder, hopper } from './cli.ts';

const COMMANDS = [
  [],
  ['up'],
  ['submit'],
  ['chain'],
  ['inbox'],
  ['accept'],
  ['reject'],
  ['complete'],
  ...['work', 'claim', 'heartbeat', 'ask', 'finish', 'fail', 'release'].map((verb) => [verb]),
  ['migrate'],
  ['worker'],
  ['serve'],
  ...['list', 'show', 'attempts', 'complete', 'fail', 'cancel', 'escalate', 'reroute', 'answer'].map((verb) => [
    'task',
    verb,
  ]),
  ...['check', 'show', 'publish'].map((verb) => ['config', verb]),
  ...['list', 'tree', 'create', 'start', 'pause', 'resume', 'stop', 'delete'].map((verb) => ['instance', verb]),
];

describe('hopper without a server', () => {
  it('says its version, which is that of its package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await hopper(['--version'])).toMatchObject({ code: 0, out: `${version}\n` });
  });

  it('says how to start one when nothing runs in the data folder', async () => {
    const { code, err } = await hopper(['inbox'], { HOPPER_DATA_DIR: aFolder() });
    expect(code).toBe(5);
    expect(err).toMatch(/hopper up/);
  });

  it('says how to start one when nobody listens', async () => {
    const { code, err } = await hopper(['inbox'], { HOPPER_URL: 'http://127.0.0.1:2' });
    expect(code).toBe(5);
    expect(err).toMatch(/127\.0\.0\.1:2.*ECONNREFUSED.*hopper up/);
  });

  it('work says how to start one, instead of waiting for what nobody has named', async () => {
    const { code, err } = await hopper(['work', 'builds', '--', 'true'], { HOPPER_DATA_DIR: aFolder() });
    expect([code, err]).toEqual([5, expect.stringMatching(/^hopper: no Hopper runs in .*hopper up/)]);
  });

  it('lists every wrong setting at once', async () => {
    const { code, err } = await hopper(['inbox'], { HOPPER_URL: 'nonsense', HOPPER_HTTP_PORT: 'x' });
    expect(code).toBe(2);
    expect(err).toContain('HOPPER_URL');
    expect(err).toContain('HOPPER_HTTP_PORT');
  });

  it.each([
    ['worker', ['DATABASE_URL', 'TEMPORAL_ADDRESS']],
    ['serve', ['DATABASE_URL', 'TEMPORAL_ADDRESS']],
    ['migrate', ['DATABASE_URL']],
  ])('%s names the servers that it is not told', async (command, variables) => {
    const { code, err } = await hopper([command]);
    expect(code).toBe(2);
    for (const variable of variables) expect(err).toContain(variable);
  });

  it.each(['migrate', 'worker'])('%s ends with 5 when its servers are away', async (command) => {
    const { code, err } = await hopper([command], {
      DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/x',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
    expect([code, err]).toEqual([5, expect.stringMatching(/^hopper: /m)]);
    expect(err).not.toContain('hush');
  });

  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    '`hopper %s --help` explains itself with examples',
    async (_name, words) => {
      const { code, out } = await hopper([...words, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: ${['hopper', ...words].join(' ')}`);
      expect(out).toMatch(/Examples:\n {2}\S*.*hopper/);
    },
  );
});

describe('hopper before a server that is not Hopper', () => {
  const strange = createServer((request, response) => {
    response.statusCode = request.url?.includes('/inbox') ? 200 : 502;
    response.end('<html>hello</html>');
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((strange.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    strange.close();
  });

  it('says that it does not understand the answer', async () => {
    const { code, err } = await hopper(['inbox'], { HOPPER_URL: url });
    expect([code, err]).toEqual([1, expect.stringContaining('does not answer as Hopper does')]);
  });

  it('takes a bad gateway for a server that cannot be reached', async () => {
    const { code } = await hopper(['instance', 'tree'], { HOPPER_URL: url });
    expect(code).toBe(5);
  });
});
