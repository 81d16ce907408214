import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim, type Claim } from './claim.ts';

export interface CacheEntry {
  root: string;
  name: string;
  /** Puts everything into the empty folder it is given; only when it has resolved does the entry exist. */
  fill: (staging: string) => Promise<void>;
  progress: (message: string) => void;
  signal?: AbortSignal | undefined;
}

/** Where this user's downloaded and built engines are kept, outside of every checkout. */
export function userCacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'hopper');
}

/** The folder of a cache entry, filled first if need be: it is whole or absent, and one process at a time fills it. */
export async function cached(entry: CacheEntry): Promise<string> {
  const folder = join(entry.root, entry.name);
  if (await exists(folder)) return folder;
  const workshop = join(entry.root, `.${entry.name}.making`);
  await mkdir(workshop, { recursive: true });
  const held = await waitForClaim(join(workshop, 'claim'), entry);
  try {
    if (!(await exists(folder))) await make(entry, workshop, folder);
    return folder;
  } finally {
    await held.release();
  }
}

/** Whether there is something at this path that this user can see. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function make({ fill }: CacheEntry, workshop: string, folder: string): Promise<void> {
  await sweepUnfinished(workshop);
  const staging = await mkdtemp(join(workshop, 'staging-'));
  try {
    await fill(staging);
    await chmod(staging, 0o755);
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function sweepUnfinished(workshop: string): Promise<void> {
  const left = (await readdir(workshop)).filter((name) => name.startsWith('staging-'));
  await Promise.all(left.map((name) => rm(join(workshop, name), { recursive: true, force: true })));
}

async function waitForClaim(folder: string, { name, progress, signal }: CacheEntry): Promise<Claim> {
  for (let told = false; ; told = true) {
    const outcome = await claim(folder);
    if (!('heldBy' in outcome)) return outcome;
    if (!told) progress(`waiting for process ${String(outcome.heldBy)}, which is getting ${name}`);
    await sleep(500, undefined, { signal });
  }
}
