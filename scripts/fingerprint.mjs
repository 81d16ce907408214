import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, inRoot } from './root.mjs';

/** Every file below the folders (absent ones are empty), relative to the root, in a stable order. */
export function filesIn(folders) {
  const files = folders.flatMap((folder) => walk(folder));
  return files.sort();
}

/** One hash over names and contents: the same tree gives the same answer in every clone, whatever its file times. */
export function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(inRoot(file)))
      .update('\0');
  return hash.digest('hex');
}

function walk(folder) {
  const entries = listed(folder);
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function listed(folder) {
  try {
    return readdirSync(join(ROOT, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
