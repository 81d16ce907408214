import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { claim } from '../../src/stack/claim.ts';
import { isAlive, Leftovers, sql, type Owner } from './setup.ts';

const leftovers = new Leftovers();
afterEach(() => leftovers.clear());

async function killedOwner(dataDir: string): Promise<Owner> {
  const owner = await leftovers.owner(dataDir);
  await sql(owner.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
  owner.child.kill('SIGKILL');
  await once(owner.child, 'exit');
  return owner;
}

/** A process that is no server of ours, of the user that `path` belongs to. */
async function stranger(path: string): Promise<number> {
  const { uid, gid } = await stat(path);
  const child = spawn('sleep', ['600'], { stdio: 'ignore', cwd: '/', uid, gid });
  await once(child, 'spawn');
  leftovers.add(() => child.kill('SIGKILL'));
  return child.pid ?? NaN;
}

describe('taking over what a killed stack left behind', () => {
  it('stops its orphaned servers and goes on with their data', async () => {
    const dataDir = await leftovers.folder();
    const { pids } = await killedOwner(dataDir);
    expect([await isAlive(pids.postgres), await isAlive(pids.temporal)]).toEqual([true, true]);

    const told: string[] = [];
    const stack = await leftovers.stack(dataDir, { progress: (message) => told.push(message) });
    expect([await isAlive(pids.postgres), await isAlive(pids.temporal)]).toEqual([false, false]);
    expect(told.filter((message) => message.includes('left behind'))).toHaveLength(2);
    expect(await sql(stack.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('recovers when the servers were killed too', async () => {
    const dataDir = await leftovers.folder();
    const { pids } = await killedOwner(dataDir);
    for (const pid of [pids.postgres, pids.temporal]) process.kill(pid ?? NaN, 'SIGKILL');
    const stack = await leftovers.stack(dataDir);
    expect(await sql(stack.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('neither kills nor is stopped by a process that has the old pid by now', async () => {
    const dataDir = await leftovers.folder();
    await (await leftovers.stack(dataDir)).close();
    const cluster = join(dataDir, 'postgres/cluster');
    const pid = await stranger(cluster);
    await writeFile(join(cluster, 'postmaster.pid'), `${String(pid)}\n/somewhere\n0\n15432\n\n\n`);
    await writeFile(join(dataDir, 'claim', `${String(pid)}.another-birth`), '');
    await leftovers.stack(dataDir);
    expect(await isAlive(pid)).toBe(true);
  });

  it('leaves a program alone that only mentions the folder', async () => {
    const dataDir = await leftovers.folder();
    const mentions = [
      'server',
      'start-dev',
      '--env-file',
      join(dataDir, 'temporal/cli.yaml'),
      '-D',
      join(dataDir, 'postgres/cluster'),
    ];
    const child = spawn('sh', ['-c', 'while :; do sleep 0.2; done', ...mentions], { stdio: 'ignore' });
    await once(child, 'spawn');
    leftovers.add(() => child.kill('SIGKILL'));
    await leftovers.stack(dataDir);
    expect(await isAlive(child.pid)).toBe(true);
  });
});

describe('claim', () => {
  it('is given to one at a time, and again after its release', async () => {
    const folder = join(await leftovers.folder(), 'claim');
    const first = await claim(folder);
    expect(await claim(folder)).toEqual({ heldBy: process.pid });
    if ('release' in first) await first.release();
    expect(await claim(folder)).toHaveProperty('release');
  });

  it('is not kept from the living by the dead, whose files it sweeps', async () => {
    const folder = join(await leftovers.folder(), 'claim');
    await mkdir(folder);
    await writeFile(join(folder, '999999999.dead'), '');
    expect(await claim(folder)).toHaveProperty('release');
    expect(await readdir(folder)).toHaveLength(1);
  });
});
