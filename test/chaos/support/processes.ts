import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LOADER = new URL('../../../scripts/typescript-loader.mjs', import.meta.url).href;

/** A process of a test, and everything that it has said. */
export interface TestProcess {
  readonly child: ChildProcess;
  readonly said: readonly Record<string, unknown>[];
  /** Resolves when it has said something of which this holds. */
  heard(this: TestProcess, holds: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  kill(this: TestProcess): Promise<void>;
}

/** Starts a script of this folder with TypeScript; resolves when it says that it is ready. */
export async function startProcess(script: string, env: Record<string, string>): Promise<TestProcess> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    execArgv: ['--import', LOADER],
    env: { ...process.env, ...env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 2, 'ipc'],
  });
  const said: Record<string, unknown>[] = [];
  child.on('message', (message: Record<string, unknown>) => said.push(message));
  const running: TestProcess = { child, said, heard, kill };
  await running.heard((message) => message['ready'] === true);
  return running;
}

function heard(
  this: TestProcess,
  holds: (message: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  const { child, said } = this;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = said.find(holds);
      if (found === undefined) return;
      child.off('message', look);
      child.off('exit', gone);
      resolve(found);
    };
    const gone = (): void => {
      reject(new Error(`the process ended; it had said ${JSON.stringify(said)}`));
    };
    child.on('message', look);
    child.once('exit', gone);
    look();
  });
}

async function kill(this: TestProcess): Promise<void> {
  const { child } = this;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
