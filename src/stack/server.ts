import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFile } from './log-file.ts';
import { sendSignal } from './processes.ts';
import { messageOf, StackError } from './stack-error.ts';

/** A signal and how many milliseconds the server may take to end after it. */
export type StopStep = readonly [NodeJS.Signals, number];

export interface ServerOptions {
  title: string;
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  user?: { uid: number; gid: number } | undefined;
  log: LogFile;
  stopSteps: readonly StopStep[];
}

/** A server that this process started and answers for. */
export interface Server {
  pid: number;
  /** Resolves with how it ended, whether somebody asked for it or not. */
  ended: Promise<string>;
  close(): Promise<void>;
}

export interface StartingServer extends Server {
  /** Resolves when `probe` has succeeded; rejects if the server ends first, takes too long, or the signal comes. */
  ready(probe: () => Promise<void>, signal: AbortSignal | undefined): Promise<void>;
}

const START_LIMIT_MS = 300_000;
const PROBE_EVERY_MS = 40;

/** Starts a server in a session of its own, so that a Ctrl-C at the terminal reaches only us and we stop it in order. */
export async function launch(options: ServerOptions): Promise<StartingServer> {
  const { program, args, env, cwd, user, log } = options;
  const child = spawn(program, args, { env, cwd, ...user, detached: true, stdio: ['ignore', log.fd, log.fd] });
  await spawned(child, options);
  const { pid } = child;
  if (pid === undefined) throw new TypeError('a spawned process has a pid');
  child.unref();
  const ended = watch(child, log);
  let closing: Promise<void> | undefined;
  return {
    pid,
    ended,
    close: () => (closing ??= stop(child, ended, options.stopSteps)),
    ready: (probe, signal) => waitUntilReady(child, ended, options, probe, signal),
  };
}

function spawned(child: ChildProcess, { title, program, log }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      void log.close();
      reject(
        new StackError(
          'start_failed',
          `${title} could not be started: ${program}: ${error.message}`,
          'See the cause above.',
          { cause: error },
        ),
      );
    });
  });
}

function watch(child: ChildProcess, log: LogFile): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      void log.close();
      resolve(signal ?? `exit code ${String(code)}`);
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<string>, steps: readonly StopStep[]): Promise<void> {
  child.ref();
  for (const [signal, patience] of steps) {
    if (hasEnded(child) || child.pid === undefined || !sendSignal(child.pid, signal)) break;
    const timer = new AbortController();
    await Promise.race([ended, sleep(patience, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
  }
  await ended;
}

async function waitUntilReady(
  child: ChildProcess,
  ended: Promise<string>,
  { title, log }: ServerOptions,
  probe: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (hasEnded(child)) throw await startFailed(`${title} ended while it started (${await ended})`, log);
    const refusal = await probe().then(() => null, messageOf);
    if (refusal === null && !hasEnded(child)) return;
    if (Date.now() > deadline) throw await startFailed(`${title} does not answer: ${String(refusal)}`, log);
    await sleep(PROBE_EVERY_MS);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function startFailed(message: string, log: LogFile): Promise<StackError> {
  return new StackError('start_failed', `${message}\n${await log.tail()}`, `The whole log is ${log.path}.`);
}
