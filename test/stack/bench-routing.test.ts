import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = ['--import', './scripts/typescript-loader.mjs', 'bench/routing/main.ts'];
const run = (...args: string[]) => promisify(execFile)(process.execPath, [...PROGRAM, ...args], { cwd: ROOT });

describe('bench:routing', () => {
  it('measures every kind of decision, each with as many statements at 10 siblings as at 1,000 (rule B3)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hopper-bench-test-'));
    const file = join(folder, 'figures.json');
    const { stdout } = await run('--quick', '--json', file);
    const { rows, tree } = JSON.parse(await readFile(file, 'utf8')) as {
      rows: { kind: string; siblings: number; statements: number[]; p50: number }[];
      tree: { instances: number };
    };
    await rm(folder, { recursive: true });
    const kinds = [...new Set(rows.map((row) => row.kind))];
    expect(kinds).toHaveLength(7);
    for (const kind of kinds) {
      const [few, many] = rows.filter((row) => row.kind === kind);
      expect([few?.siblings, many?.siblings]).toEqual([10, 1_000]);
      expect(few?.statements).toHaveLength(1);
      expect(many?.statements).toEqual(few?.statements);
      expect(stdout).toContain(`| ${kind} | 1000 |`);
    }
    expect(tree.instances).toBe(1_000);
  });

  it('says what it does and how it is used, also after a wrong word', async () => {
    expect((await run('--help')).stdout).toContain('Usage: npm run bench:routing');
    await expect(run('--fast')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--fast') });
  });
});
