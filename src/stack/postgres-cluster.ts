import { randomBytes } from 'node:crypto';
import { chown, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from './cache.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { runProgram } from './run-program.ts';
import { isErrno, StackError } from './stack-error.ts';
import { environmentWithout } from './environment.ts';

/** The database user that owns everything. */
export const SUPERUSER = 'hopper';

/** Creates the cluster if there is none yet, whole or not at all, and returns the password of its user. */
export async function ensureCluster(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  isDurable: boolean,
  signal?: AbortSignal,
): Promise<string> {
  const passwordFile = join(place.folder, 'password');
  if (await exists(join(place.cluster, 'PG_VERSION'))) return readPassword(passwordFile);
  const draft = `${place.cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600, flush: true });
  if (place.user.ids !== undefined) await chown(passwordFile, place.user.ids.uid, place.user.ids.gid);
  await initialise({ draft, passwordFile, place, binaries, isDurable, signal });
  await rename(draft, place.cluster);
  await flushFolder(place.folder);
  return password;
}

interface Initialise {
  draft: string;
  passwordFile: string;
  place: PostgresPlace;
  binaries: PostgresBinaries;
  isDurable: boolean;
  signal: AbortSignal | undefined;
}

/** The builtin locale sorts and folds alike on every system, whatever locales that has. */
async function initialise({ draft, passwordFile, place, binaries, isDurable, signal }: Initialise): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  const args = [`--pgdata=${draft}`, ...locale, ...access, ...(isDurable ? [] : ['--no-sync'])];
  const { code, output } = await runProgram(binaries.initdb, args, {
    user: place.user.ids,
    env: environmentWithout('PG'),
    cwd: '/',
    signal,
  });
  signal?.throwIfAborted();
  if (code === 0) return;
  throw new StackError(
    'start_failed',
    `the database could not be created in ${place.folder}:\n${output}`,
    'Correct what initdb says above and start again.',
  );
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    throw new StackError(
      'start_failed',
      `the database is there, but not its password in ${file}`,
      'Bring that file back, or delete the data folder to begin anew.',
      { cause: error },
    );
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
