import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from './stack-error.ts';

/**
 * Makes a folder and those above it; answers whether it was made. Step by step, because Node's own recursive way never
 * comes back where a folder exists but takes no new one (below /proc).
 */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST') && (await stat(path)).isDirectory()) return false;
    const parent = dirname(path);
    if (!isErrno(error, 'ENOENT') || parent === path || !(await makeFolder(parent))) throw error;
    return makeFolder(path);
  }
}
