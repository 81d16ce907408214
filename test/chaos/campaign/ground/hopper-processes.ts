import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../../../src/cli/up/child.ts';
import type { Server } from '../../../../src/stack/server.ts';
import { type Victim, startVictim } from './victim.ts';

const HOPPER = fileURLToPath(new URL('../../../../bin/hopper.js', import.meta.url));
const STOP_MS = 20_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** `hopper worker` in a process of its own, as in production. */
export function startWorker(name: string, env: Environment, folder: string): Promise<Victim> {
  return startVictim(name, async () => (await start('worker', env, join(folder, 'logs', `${name}.log`))).server);
}

/** An API that keeps its address when it is killed and started again. */
export interface Api extends Victim {
  readonly url: string;
}

/** `hopper serve` in a process of its own. */
export async function startApi(name: string, env: Environment, folder: string): Promise<Api> {
  let url = '';
  const victim = await startVictim(name, async () => {
    const port = url === '' ? '0' : new URL(url).port;
    const started = await start('serve', { ...env, HOPPER_HTTP_PORT: port }, join(folder, 'logs', `${name}.log`));
    url = started.url;
    return started.server;
  });
  return Object.assign(victim, { url });
}

async function start(command: 'worker' | 'serve', env: Environment, logFile: string) {
  const child = await startChild({ command, entry: HOPPER, env, logFile, execArgv: [] });
  const server: Server = {
    pid: child.pid,
    ended: child.ended.then(({ code, signal }) => signal ?? `exit code ${String(code)}`),
    close: async () => {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = new AbortController();
      const late = sleep(STOP_MS, 'late', { signal: timer.signal }).catch(() => undefined);
      if ((await Promise.race([child.ended, late])) === 'late') child.kill('SIGKILL');
      timer.abort();
      await child.ended;
    },
  };
  try {
    const { url = '' } = await child.ready;
    return { server, url };
  } catch (error) {
    await server.close();
    throw error;
  }
}
