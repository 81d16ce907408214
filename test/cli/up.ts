import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readStackFile, type StackFile } from '../../src/cli/stack-file.ts';
import { eventually } from '../support/hopper.ts';
import { hopperProgram } from '../support/servers/addresses.ts';
import { cleanEnvironment } from './cli.ts';

const ANY_PORTS = {
  HOPPER_HTTP_PORT: '0',
  HOPPER_PG_PORT: '0',
  HOPPER_TEMPORAL_PORT: '0',
  HOPPER_TEMPORAL_UI_PORT: '0',
};

/** A running `hopper up`, with what it has said so far. */
export interface Up {
  readonly said: () => string;
  readonly ended: Promise<number | null>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when stack.json is there. */
  readonly ready: () => Promise<StackFile>;
}

export function startUp(dataDir: string, env: Record<string, string> = {}): Up {
  const child: ChildProcess = spawn(process.execPath, [hopperProgram(), 'up'], {
    env: { ...cleanEnvironment(), ...ANY_PORTS, HOPPER_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (said += part.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    said: () => said,
    ended,
    signal: (name) => child.kill(name),
    ready: async () => {
      const stack = await eventually(
        () => Promise.resolve(readStackFile(dataDir)),
        (found) => found?.pids.main === child.pid || child.exitCode !== null,
      );
      if (stack === null || child.exitCode !== null) throw new Error(`up ended: ${said}`);
      return stack;
    },
  };
}

export function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // there is no such process
  }
}

export const hasStackFile = (dataDir: string): boolean => existsSync(`${dataDir}/stack.json`);
