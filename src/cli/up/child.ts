import { type ChildProcess, fork } from 'node:child_process';
import { type LogFile, openLog } from '../../stack/log-file.ts';
import type { ReadyMessage } from '../child-link.ts';
import { CliError, EXIT, type ExitCode } from '../cli-error.ts';

/** A part of Hopper that runs as a process of its own. */
export interface ChildSpec {
  readonly command: 'migrate' | 'worker' | 'serve';
  /** The script that this process was started with. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Flags for Node; absent: those of this process. */
  readonly execArgv?: readonly string[];
}

/** How a process ended, and the last it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastWords: string;
}

/** A running part. */
export interface Child {
  readonly pid: number;
  /** Resolves when it can be used; rejects if it ends before. */
  readonly ready: Promise<ReadyMessage>;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

const KNOWN_CODES: readonly ExitCode[] = [EXIT.input, EXIT.unreachable];

/** Starts a part; its output goes to its log file. */
export async function startChild({
  command,
  entry,
  env,
  logFile,
  execArgv = process.execArgv,
}: ChildSpec): Promise<Child> {
  const log = await openLog(logFile);
  const running = fork(entry, [command], {
    env: { ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  const ended = untilEnded(running, log);
  const ready = Promise.race([
    untilReady(running),
    ended.then((end): never => {
      throw failureOf(command, end, logFile);
    }),
  ]);
  ready.catch(() => undefined); // whoever waits for it hears of it; nobody has to
  return {
    pid: running.pid ?? 0,
    ready,
    ended,
    kill: (signal) => {
      running.kill(signal);
    },
  };
}

/** What to say of a part that ended before its time. */
export function failureOf(command: string, { code, signal, lastWords }: Ended, logFile: string): CliError {
  const how = signal === null ? `exit code ${String(code)}` : signal;
  const exitCode = KNOWN_CODES.find((known) => known === code) ?? EXIT.other;
  const words = lastWords === '' ? '' : `\n${lastWords}`;
  return new CliError(exitCode, `\`hopper ${command}\` ended with ${how}; its log is ${logFile}${words}`);
}

function untilReady(running: ChildProcess): Promise<ReadyMessage> {
  return new Promise((resolve) => {
    running.on('message', (message) => {
      if (isReady(message)) resolve(message);
    });
  });
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}

function untilEnded(running: ChildProcess, log: LogFile): Promise<Ended> {
  return new Promise((resolve) => {
    const end = async (code: number | null, signal: NodeJS.Signals | null): Promise<void> => {
      const lastWords = await log.tail().catch(() => '');
      await log.close();
      resolve({ code, signal, lastWords: lastWords.split('\n').slice(-12).join('\n') });
    };
    running.once('exit', (code, signal) => void end(code, signal));
    running.once('error', (error) => {
      void log.close();
      resolve({ code: null, signal: null, lastWords: error.message });
    });
  });
}
