import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const FLOOR = new URL('../../bench/floor/', import.meta.url);
const RECORD = 'frozen.json';
const FROZEN = 'The floor is frozen: figures are compared across years. A new floor gets a new folder and new figures.';

describe('bench/floor', () => {
  it('is as it was when Hopper was first held against it', () => {
    const recorded = JSON.parse(readFileSync(new URL(RECORD, FLOOR), 'utf8')) as Record<string, string>;
    const files = readdirSync(fileURLToPath(FLOOR)).filter((name) => name !== RECORD);
    const digests = files.map((name) => [name, digestOf(name)] as const);
    const changed = digests.filter(([name, digest]) => recorded[name] !== digest).map(([name]) => name);
    const gone = Object.keys(recorded).filter((name) => !files.includes(name));
    expect({ changed, gone, means: FROZEN }).toEqual({ changed: [], gone: [], means: FROZEN });
  });
});

function digestOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(new URL(name, FLOOR)))
    .digest('hex');
}
