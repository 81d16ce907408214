import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { CaseReport, Report } from '../../bench/throughput/report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ARGS = ['--import', './scripts/typescript-loader.mjs', 'bench/throughput/main.ts'];
const WITHIN_MS = 300_000; // where others are at work; alone it takes half a minute
const run = (...args: string[]) => promisify(execFile)(process.execPath, [...ARGS, ...args], { cwd: ROOT });
const anAmount = expect.any(Number);

describe('bench', () => {
  it(
    'holds every case against both floors, and counts what a task of each costs',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'hopper-bench-test-'));
      const file = join(folder, 'figures.json');
      const { stdout } = await run('--quick', '--cases', 'a,b', '--tasks', '4', '--json', file);
      const report = JSON.parse(await readFile(file, 'utf8')) as Report;
      await rm(folder, { recursive: true });
      expect(report.cases.map(({ name, status }) => [name, status])).toEqual([
        ['a', 'measured'],
        ['b', 'measured'],
      ]);
      for (const each of report.cases.filter(isMeasured)) {
        expect(Object.keys(each.figures)).toEqual(['hopper', 'floor', 'bareFloor']);
        expect(each.ratios).toEqual({ floor: anAmount, bareFloor: anAmount });
        for (const { sample, cpu, ...rates } of Object.values(each.figures)) {
          expect(rates).toEqual({ rounds: 1, tasksPerSecond: anAmount, p50: anAmount, p95: anAmount, p99: anAmount });
          expect(Math.min(sample.commits, sample.statements, cpu.worker ?? 1, cpu.temporal ?? 1)).toBeGreaterThan(0);
          expect(sample.statements).toBeGreaterThanOrEqual(sample.commits - 1);
        }
        expect(stdout).toMatch(new RegExp(String.raw`\(${each.name}\)[\s\S]*\| bare floor \|`));
      }
      const [automatic, manual] = report.cases.filter(isMeasured).map(({ figures }) => figures);
      expect(automatic?.hopper.sample).toMatchObject({ events: 16, workflowTasks: 2, hopCommits: 1 });
      expect(automatic?.floor.sample).toMatchObject({ events: 16, workflowTasks: 2, hopCommits: 1 });
      expect(automatic?.bareFloor.sample).toMatchObject({ events: 14, workflowTasks: 2 });
      expect(manual?.hopper.sample).toMatchObject({ workflowTasks: 4, hopCommits: 2 });
      expect(manual?.floor.sample).toMatchObject({ events: 32, workflowTasks: 4, hopCommits: 2 });
      expect(manual?.bareFloor.sample).toMatchObject({ events: 24, workflowTasks: 4 });
    },
    WITHIN_MS,
  );

  it('says what it does and how it is used, also after a wrong word', async () => {
    expect((await run('--help')).stdout).toContain('Usage: npm run bench');
    await expect(run('--fast')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--fast') });
    await expect(run('--cases', 'z')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('z') });
  });
});

function isMeasured(report: CaseReport): report is Extract<CaseReport, { status: 'measured' }> {
  return report.status === 'measured';
}
