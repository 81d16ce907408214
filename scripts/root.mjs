import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder of the clone, with a separator at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What may be deleted at any time, and is then made again. */
export const CACHE = join(ROOT, 'node_modules/.cache/hopper');

export const inRoot = (...parts) => join(ROOT, ...parts);

/** Writes a file so that a reader sees the old content or the new one, never a half. */
export function writeWhole(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/** Is this module the program that Node was asked to run, and not only imported by it? */
export function isProgram(moduleUrl) {
  const program = process.argv[1];
  return program !== undefined && moduleUrl === pathToFileURL(program).href;
}
