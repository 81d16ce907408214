import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { startOf } from '../../src/stack/processes.ts';
import { startStack, type RunningStack, type StackOptions } from '../../src/stack/stack.ts';
import { StackError, type StackErrorCode } from '../../src/stack/stack-error.ts';

/** What a test makes and must not leave behind, undone in reverse order. */
export class Leftovers {
  readonly #undo: (() => unknown)[] = [];

  add(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  async clear(): Promise<void> {
    for (const undo of this.#undo.splice(0).toReversed()) await undo();
  }

  /** A folder that everyone may pass through. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'hopper-stack-test-'));
    await chmod(folder, 0o711);
    this.add(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  async stack(dataDir: string, overrides: Partial<StackOptions> = {}): Promise<RunningStack> {
    const stack = await startStack(stackOptions(dataDir, overrides));
    this.add(() => stack.close());
    return stack;
  }

  /** A process of its own that starts a stack and then waits to be killed. */
  async owner(dataDir: string, as: { uid?: number; env?: NodeJS.ProcessEnv; root?: string } = {}): Promise<Owner> {
    const { uid, env = process.env, root = CHECKOUT } = as;
    const child = fork(join(root, 'test/stack/owner.ts'), [dataDir], {
      execArgv: ['--import', join(root, 'scripts/typescript-loader.mjs')],
      cwd: '/',
      env,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.add(() => child.kill('SIGKILL'));
    const [answer] = (await once(child, 'message')) as [Answer];
    if ('code' in answer) throw new StackError(answer.code, answer.message, '');
    const births = await Promise.all([answer.pids.temporal, answer.pids.postgres].map((pid) => startOf(pid ?? NaN)));
    this.add(() => endOrphans(answer, births));
    this.add(() => child.kill('SIGKILL'));
    return { ...answer, child };
  }
}

type Started = Pick<RunningStack, 'databaseUrl' | 'temporalAddress' | 'pids'>;
export type Answer = Started | { code: StackErrorCode; message: string };
export type Owner = Started & { child: ChildProcess };

export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

export function stackOptions(dataDir: string, overrides: Partial<StackOptions> = {}): StackOptions {
  const ports = { postgres: 0, temporal: 0, temporalUi: 0 };
  const silent = { progress: () => undefined, onChange: () => undefined };
  return { dataDir, namespace: 'default', host: '127.0.0.1', ports, ...silent, ...overrides };
}

/** Runs one statement on a connection of its own and returns the rows. */
export async function sql<Row extends pg.QueryResultRow>(databaseUrl: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Does something with a connection of its own to a Temporal server. */
export async function withTemporal<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** The StackError that something rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<StackError> {
  const error: unknown = await promise.then(
    () => new Error('it did not reject'),
    (reason: unknown) => reason,
  );
  if (error instanceof StackError) return error;
  throw error;
}

/** Whether the process runs; one that has ended and waits to be noticed does not. */
export async function isAlive(pid: number | null | undefined): Promise<boolean> {
  if (pid === null || pid === undefined) throw new TypeError('no such process was started');
  return (await startOf(pid)) !== null;
}

async function endOrphans({ pids }: Started, births: readonly (string | null)[]): Promise<void> {
  for (const [index, pid] of [pids.temporal, pids.postgres].entries()) {
    const isStill = async (): Promise<boolean> => pid !== null && (await startOf(pid)) === births[index];
    if (pid !== null && (await isStill())) process.kill(pid, 'SIGINT');
    while (await isStill()) await sleep(20);
  }
}
