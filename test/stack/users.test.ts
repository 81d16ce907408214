import { chmod, chown, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { exists } from '../../src/stack/cache.ts';
import { findTemporal } from '../../src/stack/temporal-binary.ts';
import { CHECKOUT, Leftovers, refusal, sql } from './setup.ts';

const leftovers = new Leftovers();
afterEach(() => leftovers.clear());

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

/** The checkout, or a linked copy of what a stack needs of it, where an ordinary user gets to it. */
async function reachableCheckout(): Promise<string> {
  const canReach = await run('test', ['-r', join(CHECKOUT, 'package.json')], {
    uid: NOBODY,
    gid: NOBODY,
    cwd: '/',
  }).then(
    () => true,
    () => false,
  );
  if (canReach) return CHECKOUT;
  const copy = await leftovers.folder();
  await chmod(copy, 0o755);
  await run('cp', [
    '-al',
    ...['node_modules', 'src', 'scripts', 'test', 'package.json'].map((part) => join(CHECKOUT, part)),
    copy,
  ]);
  return copy;
}

/** The environment of an ordinary user for whom the Temporal server is on the PATH. */
async function ordinaryEnvironment(): Promise<NodeJS.ProcessEnv> {
  const home = await leftovers.folder();
  const found = await findTemporal({ progress: () => undefined });
  const PATH = process.env['PATH'] ?? '';
  if (found === 'temporal') return { ...process.env, HOME: home };
  await run('cp', ['-l', found, join(home, 'temporal')]).catch(() => run('cp', [found, join(home, 'temporal')]));
  return { ...process.env, HOME: home, PATH: `${home}:${PATH}` };
}

describe('a stack of an ordinary user', () => {
  it('keeps its data over a restart', async () => {
    const dataDir = await leftovers.folder();
    // Where this run is an ordinary user's already, it is that user's stack.
    const as = isRoot ? { uid: NOBODY, env: await ordinaryEnvironment(), root: await reachableCheckout() } : {};
    if (isRoot) await chown(dataDir, NOBODY, NOBODY);
    const first = await leftovers.owner(dataDir, as);
    await sql(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    first.child.kill('SIGKILL');
    const second = await leftovers.owner(dataDir, as);
    expect(await sql(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is refused where that user may not write, with the path', async () => {
    const dataDir = join(await leftovers.folder(), 'state');
    await mkdir(dataDir, { mode: 0o555 });
    const as = isRoot ? { uid: NOBODY, env: await ordinaryEnvironment(), root: await reachableCheckout() } : {};
    const { code, message } = await refusal(leftovers.owner(dataDir, as));
    expect([code, message]).toEqual(['data_dir_unwritable', expect.stringContaining(dataDir)]);
  });
});

describe("a stack below a folder that is closed to the database's user", () => {
  it('keeps its data over a restart', async () => {
    const closed = await leftovers.folder();
    await chmod(closed, 0o700);
    const dataDir = join(closed, 'state');
    const first = await leftovers.stack(dataDir);
    await sql(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.close();
    if (isRoot) {
      const elsewhere = (await readFile(join(dataDir, 'postgres/moved-to'), 'utf8')).trim();
      leftovers.add(() => rm(elsewhere, { recursive: true, force: true }));
      expect(dirname(elsewhere)).toBe('/var/lib/hopper');
    }
    const second = await leftovers.stack(dataDir);
    expect(await sql(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await exists(join(dataDir, 'postgres/moved-to'))).toBe(isRoot);
  });
});
