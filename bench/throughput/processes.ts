import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program of a contender, in a process of its own as it is in production. */
export interface Program {
  readonly entry: string;
  readonly args: readonly string[];
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface Running {
  readonly pid: number;
  /** Where it listens, if it does. */
  readonly url: string;
  stop(): Promise<void>;
}

const READY_MS = 120_000;
const STOP_MS = 15_000;
const LAST_WORDS = 600;

/** Starts a program and waits until it says that it is ready. */
export async function startProgram({ entry, args, execArgv = [], env = {}, logFile }: Program): Promise<Running> {
  const log = openSync(logFile, 'a');
  const child = fork(entry, args, {
    env: { ...process.env, ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const stop = (): Promise<void> => stopProgram(child);
  const over = new AbortController();
  try {
    const late = sleep(READY_MS, undefined, { signal: over.signal });
    const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit'), late])) as [unknown];
    const { pid } = child;
    if (pid === undefined || typeof message !== 'object' || message === null) throw await failed(entry, logFile);
    const url = 'url' in message && typeof message.url === 'string' ? message.url : '';
    return { pid, url, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    over.abort();
  }
}

async function failed(entry: string, logFile: string): Promise<Error> {
  const words = await readFile(logFile, 'utf8').catch(() => '');
  return new Error(`${entry} did not get ready: ${words.slice(-LAST_WORDS)}`);
}

async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
  child.kill('SIGKILL');
  await ended;
}
