import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { messageOf } from './stack-error.ts';

export interface RunOptions {
  cwd?: string | undefined;
  env?: NodeJS.ProcessEnv | undefined;
  user?: { uid: number; gid: number } | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

/** How a program ended; `code` is null if it could not be started or was killed. */
export interface Ended {
  code: number | null;
  output: string;
}

const KEPT_LINES = 40;

/** Runs a program to its end, never throws for what the program does, and keeps the last lines it said. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env = process.env, user, signal, timeoutMs } = options;
  return new Promise((resolve) => {
    const lines: string[] = [];
    const keep = (line: string): void => {
      if (line.trim() !== '') lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    };
    const end = (code: number | null): void => {
      resolve({ code, output: lines.join('\n') });
    };
    const child = spawn(program, args, {
      cwd,
      env,
      // Node's own time-out would keep this process waiting for a program that could not be started.
      signal: limited(signal, timeoutMs),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
    createInterface(child.stdout).on('line', keep);
    createInterface(child.stderr).on('line', keep);
    child.on('error', (error) => {
      keep(messageOf(error));
      if (child.pid === undefined) end(null);
    });
    child.once('close', end);
  });
}

function limited(signal: AbortSignal | undefined, timeoutMs: number | undefined): AbortSignal {
  const limits = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
  return AbortSignal.any(limits.filter((limit) => limit !== undefined));
}

/** Runs `work`, and while it lasts repeats every half minute that it goes on. */
export async function withReminders<T>(
  what: string,
  progress: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const began = Date.now();
  const timer = setInterval(() => {
    progress(`still ${what} (${String(Math.round((Date.now() - began) / 1000))} s so far)`);
  }, 30_000);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
