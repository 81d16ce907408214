import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type RunningStack } from '../../src/stack/stack.ts';
import { isAlive, Leftovers, refusal, sql, stackOptions, withTemporal } from './setup.ts';

const leftovers = new Leftovers();
afterEach(() => leftovers.clear());

const USUAL = { ports: {} };

describe('startStack', () => {
  it('keeps rows, workflows and ports over a stop and a new start', async () => {
    const dataDir = join(await leftovers.folder(), 'state');
    const first = await leftovers.stack(dataDir);
    await sql(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await withTemporal(first.temporalAddress, (client) =>
      client.workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' }),
    );
    const { postgres, temporal } = first.pids;
    await first.close();
    expect([await isAlive(postgres), await isAlive(temporal)]).toEqual([false, false]);

    const second = await leftovers.stack(dataDir, USUAL);
    expect(await sql(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const kept = await withTemporal(second.temporalAddress, (client) => client.workflow.getHandle('kept').describe());
    expect(kept.status.name).toBe('RUNNING');
    const addresses = ['databaseUrl', 'temporalAddress', 'temporalUiUrl'] as const;
    expect(addresses.map((name) => second[name])).toEqual(addresses.map((name) => first[name]));
  });

  it('runs two stacks side by side on two folders', async () => {
    const [one, other] = [
      await leftovers.stack(await leftovers.folder(), USUAL),
      await leftovers.stack(await leftovers.folder(), USUAL),
    ];
    await sql(one.databaseUrl, 'CREATE TABLE mine ()');
    expect(await sql(other.databaseUrl, `SELECT to_regclass('mine') AS found`)).toEqual([{ found: null }]);
    expect(other.temporalAddress).not.toBe(one.temporalAddress);
  });

  it('refuses a folder that another process runs a stack on, and names the process', async () => {
    const dataDir = await leftovers.folder();
    const owner = await leftovers.owner(dataDir);
    const { code, message } = await refusal(startStack(stackOptions(dataDir)));
    expect(code).toBe('data_dir_in_use');
    expect(message).toContain(`process ${String(owner.child.pid)}`);
    expect(await sql(owner.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('leaves nothing running and the folder free when the start is aborted', async () => {
    const dataDir = await leftovers.folder();
    const abort = new AbortController();
    const progress = (message: string): void => {
      if (message === 'starting Temporal') abort.abort(new Error('enough'));
    };
    await expect(startStack(stackOptions(dataDir, { progress, signal: abort.signal }))).rejects.toThrow('enough');
    expect(await readdir(join(dataDir, 'postgres/cluster'))).not.toContain('postmaster.pid');
    await leftovers.stack(dataDir);
  });
});

describe('a running stack', () => {
  const shared = new Leftovers();
  let dataDir: string;
  let stack: RunningStack;
  beforeAll(async () => {
    dataDir = join(await shared.folder(), 'state');
    stack = await shared.stack(dataDir);
  });
  afterAll(() => shared.clear());

  it('serves UTF-8 in UTC, and the Web UI', async () => {
    const { databaseUrl, temporalUiUrl } = stack;
    const [row] = await sql(
      databaseUrl,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone, upper('ä') AS upper`,
    );
    expect(row).toEqual({ encoding: 'UTF8', zone: 'UTC', upper: 'Ä' });
    expect((await fetch(temporalUiUrl ?? '')).status).toBe(200);
  });

  it('has its servers in sessions of their own, where a Ctrl-C at the terminal does not reach them', async () => {
    const { pids } = stack;
    const groups = await Promise.all(
      [pids.postgres, pids.temporal].map((pid) => promisify(execFile)('ps', ['-o', 'pgid=', '-p', String(pid)])),
    );
    expect(groups.map(({ stdout }) => Number(stdout))).toEqual([pids.postgres, pids.temporal]);
  });

  it('keeps what it stores from the eyes of others', async () => {
    const modes = await Promise.all(
      ['postgres', 'temporal', 'postgres/password', 'ports.json', 'logs/postgres.log', 'logs/temporal.log'].map(
        async (name) => {
          const { mode } = await stat(join(dataDir, name));
          return [name, mode & 0o077];
        },
      ),
    );
    expect(modes.filter(([, open]) => open !== 0)).toEqual([]);
  });
});
