import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WorkEvent } from '../../../../src/cli/work/work-event.ts';
import type { Hopper } from './hopper.ts';

const HOPPER = fileURLToPath(new URL('../../../../bin/hopper.js', import.meta.url));
const LOOK_EVERY_MS = 50;

/** `hopper work` in a process of its own, that takes one task at a time and works for a while. */
export interface Holder {
  readonly process: ChildProcess;
  /** Waits until it has told something of which this holds. */
  told(holds: (event: WorkEvent) => boolean, stopping: AbortSignal): Promise<WorkEvent>;
  stop(): Promise<void>;
}

/** Starts one at an instance; its command takes so long, and its result is its name. */
export function startHolder({ client }: Hopper, instanceId: string, name: string, workMs: number): Holder {
  const command = `setTimeout(() => process.stdout.write(JSON.stringify({ by: '${name}' })), ${String(workMs)})`;
  const options = ['--worker-id', name, '--concurrency', '1', '--json'];
  const child = spawn(
    process.execPath,
    [HOPPER, 'work', instanceId, ...options, '--', process.execPath, '-e', command],
    { env: { ...process.env, NODE_OPTIONS: '', HOPPER_URL: client.url }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const events: WorkEvent[] = [];
  createInterface(child.stdout).on('line', (line) => events.push(JSON.parse(line) as WorkEvent));
  const ended = once(child, 'exit');
  return {
    process: child,
    async told(holds, stopping) {
      for (;;) {
        const found = events.find(holds);
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`${name} ended with ${String(child.exitCode)}`);
        await sleep(LOOK_EVERY_MS, undefined, { signal: stopping });
      }
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
