import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs `work` while no other process does so under the same lock file; a dead holder's lock is taken over. */
export async function alone(lock, work) {
  const me = `${process.pid} ${randomUUID()}`;
  mkdirSync(dirname(lock), { recursive: true });
  await take(lock, me);
  try {
    return await work();
  } finally {
    if (read(lock) === me) rmSync(lock, { force: true });
  }
}

async function take(lock, me) {
  for (let told = false; !tryTake(lock, me); told = true) {
    const holder = read(lock);
    if (holder !== undefined && !isAlive(holder)) {
      removeDead(lock, holder);
      continue;
    }
    if (!told) console.error('hopper: waiting for another build …');
    await sleep(100);
  }
}

/** Linking a finished file is atomic: nobody ever reads a lock without its owner. */
function tryTake(lock, me) {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, me);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Two waiters may see the same dead holder: whoever moved a living one's lock aside by mistake puts it back. */
function removeDead(lock, holder) {
  const aside = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, lock);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

function isAlive(holder) {
  try {
    process.kill(Number.parseInt(holder, 10), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function read(lock) {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
