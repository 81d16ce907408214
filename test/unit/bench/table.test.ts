import { describe, expect, it } from '@jest/globals';
import { CASES } from '../../../bench/throughput/cases.ts';
import { sumOfFields } from '../../../bench/throughput/cpu-time.ts';
import { planOf } from '../../../bench/throughput/plan.ts';
import { type Report, figuresOf, measuredCase } from '../../../bench/throughput/report.ts';
import { tableOf } from '../../../bench/throughput/table.ts';

const SAMPLE = { tasks: 10, events: 16, workflowTasks: 2, commits: 5, hopCommits: 1, statements: 40 };
const MACHINE = { node: 'v20', postgres: '18.4', cores: 2, loadAverage: [0.5, 2] as const };

function aReport(cases: Report['cases']): Report {
  return { ...MACHINE, temporal: '1.29.1', sdk: '1.24.0', minutes: 1, cases };
}

function figuresAt(seconds: number) {
  const cpu = { temporal: 10, worker: 20, api: null, database: 5, client: 3 };
  return figuresOf([{ tasks: 10, seconds, times: [10], cpu }], SAMPLE);
}

describe('tableOf', () => {
  it('shows Hopper beside both floors, and each target as met or missed', () => {
    const figures = { hopper: figuresAt(1), floor: figuresAt(0.9), bareFloor: figuresAt(0.5) };
    const table = tableOf(aReport([measuredCase('a', figures)]));
    expect(table).toContain('| Hopper | 10.0 |  |');
    expect(table).toContain('| floor | 11.1 | 0.90 |');
    expect(table).toContain('| bare floor | 20.0 | 0.50 |');
    expect(table).toContain('at least 80 % of the floor’s tasks per second: 90 %, met');
    expect(table).toContain('at least 60 % of the bare floor’s tasks per second: 50 %, **missed**');
    expect(table).toContain('load average 0.5 before, 2.0 after');
  });

  it('shows no figure of a case that failed, but why', () => {
    const table = tableOf(aReport([{ name: 'a', status: 'failed', reason: 'the floor ended' }]));
    expect(table).toContain('**failed**, so there is no figure: the floor ended');
    expect(table).not.toContain('tasks/s');
  });
});

describe('planOf', () => {
  it('is five rounds of every case, unless told otherwise', () => {
    expect(planOf({})).toMatchObject({ cases: [...CASES], rounds: 5, concurrency: 64 });
    expect(planOf({ quick: true })).toMatchObject({ cases: [...CASES], rounds: 1 });
    const asked = planOf({ cases: 'd,a', rounds: '2', tasks: '7', concurrency: '3' });
    expect(asked).toMatchObject({ cases: ['a', 'd'], rounds: 2, concurrency: 3 });
    expect(asked.tasksOf('d')).toBe(7);
  });

  it.each([{ cases: 'a,x' }, { rounds: '0' }, { tasks: 'many' }, { concurrency: '1.5' }])('refuses %j', (asked) => {
    expect(() => planOf(asked)).toThrow(/^--/);
  });
});

describe('sumOfFields', () => {
  it('counts the fields after a name that holds brackets and spaces', () => {
    const stat = `7 (a (b) c) S ${Array.from({ length: 15 }, (_, at) => String(at + 1)).join(' ')}`;
    expect(sumOfFields(stat, [11, 12])).toBe(11 + 12);
  });
});
