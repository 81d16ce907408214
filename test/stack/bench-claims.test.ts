import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOADER = ['--import', './scripts/typescript-loader.mjs'];
const run = (bench: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [...LOADER, `bench/${bench}/main.ts`, ...args], { cwd: ROOT });

interface Figures {
  readonly rows: readonly { kind: string; queued: number; statements: number[] }[];
  readonly many: { made: number; twice: number; deadlocks: number; failures: string[] };
}

describe('bench:claims', () => {
  it('claims from every queue, and by 64 at once without a task claimed twice or a deadlock (rules W2 and W3)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hopper-bench-test-'));
    const file = join(folder, 'figures.json');
    const { stdout } = await run('claims', '--quick', '--json', file);
    const { rows, many } = JSON.parse(await readFile(file, 'utf8')) as Figures;
    await rm(folder, { recursive: true });
    const any = rows.filter((row) => row.kind === 'any task');
    expect(any.map((row) => row.queued)).toEqual([100, 1_000]);
    expect(any[0]?.statements).toHaveLength(1);
    expect(any[1]?.statements).toEqual(any[0]?.statements);
    expect(rows.map((row) => row.kind)).toContain('a subtree');
    expect(many).toMatchObject({ made: 200, twice: 0, deadlocks: 0, failures: [] });
    expect(stdout).toContain('| any task | 1000 |');
  });
});

describe.each(['claims', 'parked'])('bench:%s', (name) => {
  it('says what it does and how it is used, also after a wrong word', async () => {
    expect((await run(name, '--help')).stdout).toContain(`Usage: npm run bench:${name}`);
    await expect(run(name, '--fast')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--fast') });
  });
});
