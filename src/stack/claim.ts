import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from './processes.ts';
import { isErrno, StackError } from './stack-error.ts';

/** The right to use a folder, held by this process until it is released or the process is gone. */
export interface Claim {
  release(): Promise<void>;
}

/** Another living process has the claim. */
export interface Refused {
  heldBy: number;
}

const ATTEMPTS = 4;

/**
 * Claims `folder` for this process, or says who has it.
 *
 * A claim is an empty file whose name is the pid and the birth of its owner. Everyone first puts down a file and then looks
 * for others; only a dead owner's file and one's own are ever removed, so no order of events gives two owners.
 */
export async function claim(folder: string): Promise<Claim | Refused> {
  const mine = `${String(process.pid)}.${String(await startOf(process.pid))}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt += 1) {
    if (!(await put(join(folder, mine)))) return { heldBy: process.pid };
    const rival = await findRival(folder, mine);
    if (rival === null) return { release: () => rm(join(folder, mine), { force: true }) };
    await rm(join(folder, mine), { force: true });
    if (attempt === ATTEMPTS) return { heldBy: rival };
    // Two that came at once have both stepped back: the uneven pause lets one of them win.
    await sleep(20 + Math.random() * 80);
  }
}

async function put(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

async function findRival(folder: string, mine: string): Promise<number | null> {
  for (const name of await readdir(folder)) {
    const [, digits, start] = /^(\d+)\.(.+)$/.exec(name) ?? [];
    if (name === mine || digits === undefined) continue;
    const pid = Number(digits);
    if ((await startOf(pid)) === start) return pid;
    await rm(join(folder, name), { force: true });
  }
  return null;
}

/** Claims `folder` or throws; `whose` is what a person knows as the folder in question. */
export async function holdClaim(folder: string, whose: string): Promise<Claim> {
  const outcome = await claim(folder);
  if (!('heldBy' in outcome)) return outcome;
  throw new StackError(
    'data_dir_in_use',
    `${whose} is in use by process ${String(outcome.heldBy)}`,
    'A stack runs on it already. Stop that one first, or set HOPPER_DATA_DIR to another folder for a second stack.',
  );
}
