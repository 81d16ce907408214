import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { cleanEnvironment } from './cli.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/fleet/run.mjs', import.meta.url));

describe('examples/fleet', () => {
  it('ends with every task in one final state, though agents fail, crash and split', async () => {
    const child = spawn(process.execPath, [EXAMPLE, '--tasks', '20'], { env: cleanEnvironment() });
    const [said, complaints] = [text(child.stdout), text(child.stderr)];
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, await complaints]).toEqual([0, '']);
    const account = await said;
    expect(account).toContain('20 tasks, 2 of them split into 4 parts');
    expect(account).toMatch(/ended: +24 completed\n/);
    expect(account).toMatch(/\b1 decomposed/);
    expect(account).toMatch(/[1-9]\d* times sent back up and routed anew/);
    expect(account).toContain('every task is in one final state');
    expect(account).toContain('the audit finds every promise kept');
  }, 240_000);

  it('refuses a number of tasks that is none', async () => {
    const child = spawn(process.execPath, [EXAMPLE, '--tasks', 'many'], { env: cleanEnvironment() });
    const complaints = text(child.stderr);
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(await complaints).toContain('--tasks must be a number');
  });
});
