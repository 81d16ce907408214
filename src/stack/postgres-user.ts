import { stat } from 'node:fs/promises';
import { runProgram } from './run-program.ts';
import { StackError } from './stack-error.ts';

/** As whom the database server runs: as we do, or, because PostgreSQL refuses to run as root, as somebody else. */
export interface ServerUser {
  isOther: boolean;
  ids: { uid: number; gid: number } | undefined;
  canRun(program: string, reading: string): Promise<boolean>;
  canWrite(folder: string): Promise<boolean>;
}

const NAME = 'postgres';

/** The user for the server of this cluster: the owner it already has, and where root starts a new one, user `postgres`. */
export async function serverUser(cluster: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return ourselves();
  const owner = await stat(cluster).catch(() => null);
  return somebodyElse(owner !== null && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await postgresUser());
}

function ourselves(): ServerUser {
  const always = (): Promise<boolean> => Promise.resolve(true);
  return { isOther: false, ids: undefined, canRun: always, canWrite: always };
}

function somebodyElse(ids: { uid: number; gid: number }): ServerUser {
  const succeeds = async (program: string, args: string[]): Promise<boolean> =>
    (await runProgram(program, args, { user: ids, cwd: '/' })).code === 0;
  return {
    isOther: true,
    ids,
    canRun: async (program, reading) => (await succeeds('test', ['-r', reading])) && succeeds(program, ['--version']),
    canWrite: (folder) => succeeds('test', ['-w', folder]),
  };
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const known = await lookUp();
  if (known !== null) return known;
  const made = await runProgram('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/',
    '--shell',
    '/usr/sbin/nologin',
    NAME,
  ]);
  const created = await lookUp();
  if (created !== null) return created;
  throw new StackError(
    'start_failed',
    `PostgreSQL does not run as root, and its user could not be created: ${made.output}`,
    `Run as an ordinary user, or create a user named ${NAME}, or set DATABASE_URL.`,
  );
}

async function lookUp(): Promise<{ uid: number; gid: number } | null> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runProgram('id', [flag, NAME])));
  if (uid?.code !== 0 || gid?.code !== 0) return null;
  return { uid: Number(uid.output), gid: Number(gid.output) };
}
