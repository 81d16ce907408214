import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../support/hopper.ts';
import { hopperProgram } from '../../support/servers/addresses.ts';

/** What `stack.json` says of a running stack. */
export interface StackFacts {
  readonly http_url: string;
  readonly database_url: string;
  readonly temporal_address: string;
  readonly pids: Readonly<Record<'main' | 'worker' | 'http' | 'postgres' | 'temporal', number>>;
}

/** A stack that was started as a user would start it. */
export interface RunningUp {
  readonly facts: StackFacts;
  readonly main: ChildProcess;
  /** Kills every process of the stack at once. */
  readonly killAll: () => void;
  /** Ctrl-C; answers the exit code. */
  readonly interrupt: () => Promise<number | null>;
}

/** `hopper up` on a folder, with free ports; resolves once the API answers. */
export async function startUp(dataDir: string): Promise<RunningUp> {
  const ports = { HOPPER_HTTP_PORT: '0', HOPPER_PG_PORT: '0', HOPPER_TEMPORAL_PORT: '0', HOPPER_TEMPORAL_UI_PORT: '0' };
  const env = { ...process.env, ...ports, HOPPER_DATA_DIR: dataDir, NODE_OPTIONS: '' };
  const main = spawn(process.execPath, [hopperProgram(), 'up'], { env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => main.once('exit', resolve));
  const facts = await eventually(
    () => readFacts(dataDir),
    (seen) => seen?.pids.main === main.pid,
    60_000,
  );
  if (facts === null) throw new Error('no stack.json');
  return {
    facts,
    main,
    killAll: () => {
      for (const pid of Object.values(facts.pids)) process.kill(pid, 'SIGKILL');
    },
    interrupt: () => {
      main.kill('SIGINT');
      return ended;
    },
  };
}

async function readFacts(dataDir: string): Promise<StackFacts | null> {
  const text = await readFile(join(dataDir, 'stack.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as StackFacts);
}
