import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Locked {
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

describe('package-lock.json', () => {
  it('names no registry, so that every machine asks its own', async () => {
    const { packages } = await json<{ packages: Record<string, Locked> }>('package-lock.json');
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('has the binaries of every platform: `npm run complete-lock` adds those that a registry did not have', async () => {
    const { packages } = await json<{ packages: Record<string, Locked> }>('package-lock.json');
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });
});

describe('package.json', () => {
  it('pins every version exactly', async () => {
    const { dependencies, devDependencies } = await json<Record<string, Record<string, string>>>('package.json');
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('has all of Temporal at one version', async () => {
    const { dependencies, devDependencies } = await json<Record<string, Record<string, string>>>('package.json');
    const temporal = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
      name.startsWith('@temporalio/'),
    );
    expect(new Set(temporal.map(([, version]) => version)).size).toBe(1);
  });
});

async function json<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8')) as T;
}
