import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const LOADER = new URL('../../../scripts/typescript-loader.mjs', import.meta.url).href;
const SCRIPT = fileURLToPath(new URL('child-link-process.ts', import.meta.url));

describe('announceReady', () => {
  it('harms nobody when whoever started the process has gone', async () => {
    const child = fork(SCRIPT, { execArgv: ['--import', LOADER], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const ended = once(child, 'exit');
    await once(child, 'message');
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });
});
