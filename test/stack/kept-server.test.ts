import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KeptServer } from '../../src/stack/kept-server.ts';
import { Pauses } from '../../src/stack/pauses.ts';
import { findServers } from '../../src/stack/processes.ts';
import type { Server } from '../../src/stack/server.ts';
import type { RunningStack } from '../../src/stack/stack.ts';
import { eventually } from '../support/hopper.ts';
import { isAlive, Leftovers, sql, withTemporal } from './setup.ts';

const leftovers = new Leftovers();
afterEach(() => leftovers.clear());

/** What is said of the servers, and a way to wait for it. */
function listen(): { said: string[]; onChange: (message: string) => void; hears: (words: string) => Promise<unknown> } {
  const said: string[] = [];
  const hears = (words: string): Promise<unknown> =>
    eventually(
      () => Promise.resolve(said),
      () => said.some((message) => message.includes(words)),
    );
  return { said, hears, onChange: (message) => said.push(message) };
}

function kill(pid: number | null): void {
  process.kill(pid ?? NaN, 'SIGKILL');
}

describe('a server of a running stack that is killed', () => {
  it('PostgreSQL is back where it was, with what it held and a new pid', async () => {
    const { said, hears, onChange } = listen();
    const stack = await leftovers.stack(await leftovers.folder(), { onChange });
    const { pids } = stack;
    await sql(stack.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    kill(pids.postgres);
    await hears('PostgreSQL ended (SIGKILL); it is started again in 0.5 s');
    expect(stack.pids).toEqual({ ...pids, postgres: null });
    await hears('PostgreSQL is back');
    expect(await sql(stack.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(stack.pids).toEqual({ ...pids, postgres: expect.any(Number) });
    expect(stack.pids.postgres).not.toBe(pids.postgres);
    expect(said).toHaveLength(2);
  });

  it('Temporal is back where it was, with its UI, what it held and a new pid, time after time', async () => {
    const { said, onChange } = listen();
    const stack = await leftovers.stack(await leftovers.folder(), { onChange });
    await withTemporal(stack.temporalAddress, (client) =>
      client.workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' }),
    );
    for (const times of [1, 2]) {
      const { temporal } = stack.pids;
      kill(temporal);
      await eventually(
        () => Promise.resolve(said.filter((message) => message === 'Temporal is back')),
        (back) => back.length === times,
      );
      expect(stack.pids.temporal).not.toBe(temporal);
      const kept = await withTemporal(stack.temporalAddress, (client) => client.workflow.getHandle('kept').describe());
      expect(kept.status.name).toBe('RUNNING');
      expect((await fetch(stack.temporalUiUrl ?? '')).status).toBe(200);
    }
    expect(said[2]).toContain('again in 1 s');
  });

  it('is tried again, with the reason, until it can be started', async () => {
    const { said, hears, onChange } = listen();
    const stack = await leftovers.stack(await leftovers.folder(), { onChange });
    const port = Number(new URL(stack.databaseUrl).port);
    kill(stack.pids.postgres);
    await hears('PostgreSQL ended');
    const rival = createServer().listen(port, '127.0.0.1');
    leftovers.add(() => rival.close());
    await once(rival, 'listening');
    await hears(`next attempt in 1 s: port ${String(port)} on 127.0.0.1 is in use`);
    rival.close();
    await hears('PostgreSQL is back');
    expect(await sql(stack.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(said.filter((message) => message.includes('could not be started')).length).toBeLessThanOrEqual(2);
  });
});

describe('closing a stack while a server is away', () => {
  const clusterOf = (dataDir: string) => ({
    program: 'postgres',
    flag: '-D',
    value: join(dataDir, 'postgres/cluster'),
  });

  const isStopped = async (stack: RunningStack, dataDir: string): Promise<void> => {
    const { temporal } = stack.pids;
    await stack.close();
    expect(stack.pids).toEqual({ postgres: null, temporal: null });
    expect([await findServers(clusterOf(dataDir)), await isAlive(temporal)]).toEqual([[], false]);
    await (await leftovers.stack(dataDir)).close();
  };

  it('before it is started again leaves nothing running and the folder free', async () => {
    const dataDir = await leftovers.folder();
    const { said, hears, onChange } = listen();
    const stack = await leftovers.stack(dataDir, { onChange });
    kill(stack.pids.postgres);
    await hears('PostgreSQL ended');
    await isStopped(stack, dataDir);
    expect(said).toHaveLength(1);
  });

  it('while it is being started again does so too', async () => {
    const dataDir = await leftovers.folder();
    const stack = await leftovers.stack(dataDir);
    const { postgres } = stack.pids;
    kill(postgres);
    await eventually(
      () => findServers(clusterOf(dataDir)),
      (pids) => pids.some((pid) => pid !== postgres),
    );
    await isStopped(stack, dataDir);
  });

  it('says nothing when no server was away', async () => {
    const { said, onChange } = listen();
    const stack = await leftovers.stack(await leftovers.folder(), { onChange });
    await Promise.all([stack.close(), stack.close()]);
    expect(said).toEqual([]);
  });
});

describe('KeptServer.close', () => {
  const aServer = (pid: number, ended: Promise<string>): Server & { closed: number } => ({
    pid,
    ended,
    closed: 0,
    close() {
      this.closed += 1;
      return Promise.resolve();
    },
  });

  it('closes what came up in spite of it, and says nothing of that', async () => {
    const { said, onChange } = listen();
    const dead = aServer(1, Promise.resolve('SIGKILL'));
    const late = aServer(2, new Promise(() => undefined));
    let isStarting = (): void => undefined;
    const starting = new Promise<void>((resolve) => (isStarting = resolve));
    const startAgain = async (_before: Server, signal: AbortSignal): Promise<Server> => {
      isStarting();
      await once(signal, 'abort');
      return late;
    };
    const kept = new KeptServer<Server>(dead, { title: 'It', logFile: 'it.log', startAgain, onChange });
    await starting;
    await kept.close();
    expect([dead.closed, late.closed, kept.pid]).toEqual([1, 1, null]);
    expect(said).toHaveLength(1);
  });
});

describe('Pauses', () => {
  it('double from half a second to half a minute, and begin anew after a steady minute', () => {
    const pauses = new Pauses();
    const got = Array.from({ length: 8 }, () => pauses.next());
    expect(got).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect([pauses.next(60_001), pauses.next()]).toEqual([500, 1_000]);
  });
});
