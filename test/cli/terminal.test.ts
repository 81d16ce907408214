import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApi, type TestApi } from '../http/api.ts';
import { untilStatus } from '../support/hopper.ts';
import { aFolder, hopper, hopperOnTerminal } from './cli.ts';

const ESCAPE = '\u001b';

describe('hopper on a terminal', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
    const { task } = await api.hopper.submit({ title: `a long title ${'x'.repeat(300)}`, tags: ['manual'] });
    await untilStatus(api.hopper, task.id, 'offered');
  });
  afterAll(() => api.stop());
  const env = (): Record<string, string> => ({ HOPPER_URL: api.url });

  it('draws tables with a head, in colour, no wider than the terminal', async () => {
    const { code, out } = await hopperOnTerminal(['inbox'], env());
    expect(code).toBe(0);
    expect(out).toContain(ESCAPE);
    const lines = stripVTControlCharacters(out).split('\n');
    expect(lines[0]).toMatch(/id\s+what\s+at\s+since\s+priority\s+title/);
    expect(lines[1]).toMatch(/offer\s+manual\s+.*a long title x+…/);
    for (const line of lines) expect(line.trimEnd().length).toBeLessThanOrEqual(100);
    expect(stripVTControlCharacters(out)).toContain('hopper accept ID');
  });

  it('draws the same without colour where NO_COLOR is set', async () => {
    const { out } = await hopperOnTerminal(['inbox'], { ...env(), NO_COLOR: '1' });
    expect(out).not.toContain(ESCAPE);
    expect(out).toMatch(/^id\s+what/);
  });

  it('prints JSON as it does anywhere', async () => {
    const [there, elsewhere] = await Promise.all([
      hopperOnTerminal(['instance', 'tree', '--json'], env()),
      hopper(['instance', 'tree', '--json'], env()),
    ]);
    expect(there.out).toBe(elsewhere.out);
  });

  it('shows a bar while a file is sent', async () => {
    const { code, err } = await hopperOnTerminal(['submit', '--file', 'examples/tasks.jsonl'], env());
    expect(code).toBe(0);
    expect(err).toContain('█');
    expect(err).toContain('20 of 20');
  });

  it('says of an empty inbox that it is empty', async () => {
    const { out } = await hopperOnTerminal(['inbox', 'auto'], env());
    expect(stripVTControlCharacters(out)).toBe('Nothing waits for a person.\n');
  });

  it('up shows each step, and a failure with how to mend it, once', async () => {
    const { code, out, err } = await hopperOnTerminal(['up'], {
      HOPPER_DATA_DIR: aFolder(),
      HOPPER_HTTP_PORT: '0',
      DATABASE_URL: 'postgres://me@127.0.0.1:1/x',
    });
    expect(code).toBe(5);
    expect(stripVTControlCharacters(out)).toContain('PostgreSQL and Temporal');
    expect(err.match(/127\.0\.0\.1:1/g)?.length).toBeLessThanOrEqual(2);
    expect(err).toMatch(/^hopper: /m);
  });
});
