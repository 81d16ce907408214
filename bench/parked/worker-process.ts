import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HOPPER = fileURLToPath(new URL('../../bin/hopper.js', import.meta.url));
const LOOKS = 10;
const LOOK_EVERY_MS = 500;
const STOP_MS = 15_000;

/** `hopper worker` in a process of its own, as it is in production. */
export interface WorkerProcess {
  /** The least memory in MB that it had at rest, in some looks at it. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

export function startWorker(env: Readonly<Record<string, string>>): WorkerProcess {
  const child = spawn(process.execPath, [HOPPER, 'worker'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    memory: async () => {
      const looks: number[] = [];
      for (let look = 0; look < LOOKS; look += 1) {
        looks.push(await residentOf(child));
        await sleep(LOOK_EVERY_MS);
      }
      return Math.min(...looks);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
      child.kill('SIGKILL');
    },
  };
}

async function residentOf({ pid, exitCode }: ChildProcess): Promise<number> {
  if (pid === undefined || exitCode !== null) throw new Error('the worker has ended');
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch((cause: unknown) => {
    throw new Error('the memory of a process is read from /proc, which is Linux alone', { cause });
  });
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}
