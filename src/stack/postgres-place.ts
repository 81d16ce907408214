import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { exists } from './cache.ts';
import { serverUser, type ServerUser } from './postgres-user.ts';
import { isErrno, StackError } from './stack-error.ts';

/** Where a cluster is, and as whom its server runs. */
export interface PostgresPlace {
  folder: string;
  cluster: string;
  user: ServerUser;
}

const SYSTEM_PLACES = '/var/lib/hopper';

/**
 * The place of the cluster that belongs to `folder`: the folder itself, or, where the server's user cannot reach that
 * (root's home, for one), a new folder under /var/lib that a pointer file names from then on.
 */
export async function settlePlace(folder: string): Promise<PostgresPlace> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const elsewhere = await readPointer(folder);
  if (elsewhere !== null) return existingPlace(folder, elsewhere);
  const here = await placeAt(folder);
  const isNew = !(await exists(here.cluster));
  if (isNew) await ownedByServer(here);
  if (await here.user.canWrite(folder)) return here;
  if (isNew) return newPlace(folder);
  throw new StackError(
    'data_dir_unwritable',
    `the user that the database in ${folder} belongs to cannot reach it`,
    'Let that user pass through the folders above it (chmod +x), or move the data folder back to where it was.',
  );
}

function pointerIn(folder: string): string {
  return join(folder, 'moved-to');
}

async function readPointer(folder: string): Promise<string | null> {
  try {
    return (await readFile(pointerIn(folder), 'utf8')).trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

async function existingPlace(folder: string, elsewhere: string): Promise<PostgresPlace> {
  const place = await placeAt(elsewhere);
  if (await exists(place.cluster)) return place;
  throw new StackError(
    'start_failed',
    `the database of ${folder} should be in ${elsewhere}, and is not there`,
    `Bring ${elsewhere} back, or delete the data folder to begin anew without what it held.`,
  );
}

async function newPlace(folder: string): Promise<PostgresPlace> {
  await mkdir(SYSTEM_PLACES, { recursive: true });
  await chmod(SYSTEM_PLACES, 0o755);
  const place = await placeAt(await mkdtemp(join(SYSTEM_PLACES, `${basename(folder)}-`)));
  await ownedByServer(place);
  return place;
}

/** Makes `folder` remember that its cluster is in another place, once there is a cluster in it. */
export async function rememberPlace(folder: string, place: PostgresPlace): Promise<void> {
  if (place.folder === folder || (await exists(pointerIn(folder)))) return;
  const draft = `${pointerIn(folder)}.new`;
  await writeFile(draft, `${place.folder}\n`, { mode: 0o600, flush: true });
  await rename(draft, pointerIn(folder));
}

/** Removes a place that is not in `folder` itself, where whoever throws that away would not find it. */
export async function forsakePlace(folder: string, place: PostgresPlace): Promise<void> {
  if (place.folder === folder) return;
  await rm(place.folder, { recursive: true, force: true });
  await rm(pointerIn(folder), { force: true });
}

async function placeAt(folder: string): Promise<PostgresPlace> {
  const cluster = join(folder, 'cluster');
  return { folder, cluster, user: await serverUser(cluster) };
}

async function ownedByServer({ folder, user }: PostgresPlace): Promise<void> {
  if (user.ids !== undefined) await chown(folder, user.ids.uid, user.ids.gid);
}
