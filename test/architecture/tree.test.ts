import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EMPTY_WORDS = /\b(utils?|helpers?|common|managers?|data|info)\b/;
const ROOTS = ['src/composition.ts', 'src/policy-parts.ts', 'src/main.ts'];

describe('the tree', () => {
  const files = ['src', 'workflows', 'activities', 'migrations'].flatMap(filesIn);

  it('holds no file outside the layers of .dependency-cruiser.cjs', () => {
    const isHoused = (path: string): boolean => layers().some((folder) => folder.test(path)) || ROOTS.includes(path);
    expect(files.filter((path) => !isHoused(path))).toEqual([]);
  });

  it('holds only TypeScript', () => {
    expect(files.filter((path) => !path.endsWith('.ts'))).toEqual([]);
  });

  it('has names in kebab-case, without words that say nothing', () => {
    const isBad = (name: string): boolean => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name) || EMPTY_WORDS.test(name);
    expect(files.filter((path) => isBad(basename(path)))).toEqual([]);
  });
});

function layers(): RegExp[] {
  const { forbidden } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as {
    forbidden: { name: string; from: { path: string } }[];
  };
  return forbidden.filter(({ name }) => name.endsWith('-looks-down-only')).map(({ from }) => new RegExp(from.path));
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}
