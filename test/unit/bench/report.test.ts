import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../../../bench/throughput/cell.ts';
import type { ContenderName } from '../../../bench/throughput/contender.ts';
import {
  type Each,
  type Figures,
  figuresOf,
  measuredCase,
  median,
  nextHopFiguresOf,
  orderOf,
  timedCase,
} from '../../../bench/throughput/report.ts';
import type { Sample } from '../../../bench/throughput/sample.ts';

const SAMPLE: Sample = { tasks: 10, events: 16, workflowTasks: 2, commits: 5, hopCommits: 1, statements: 40 };

function aCell(seconds: number, overrides: Partial<Cell> = {}): Cell {
  const cpu = { temporal: 100, worker: 200, api: 0, database: 50, client: 30 };
  return { tasks: 10, seconds, times: [10, 20, 30, 40], cpu, ...overrides };
}

function figuresAt(tasksPerSecond: number, sample: Partial<Sample> = {}): Figures {
  return { ...figuresOf([aCell(10 / tasksPerSecond)], { ...SAMPLE, ...sample }) };
}

function allAt(hopper: number, floor: number, bareFloor: number, sample: Partial<Sample> = {}): Each<Figures> {
  return { hopper: figuresAt(hopper, sample), floor: figuresAt(floor), bareFloor: figuresAt(bareFloor) };
}

describe('median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('figuresOf', () => {
  it('is the median over the rounds: one bad round does not count', () => {
    const figures = figuresOf([aCell(1), aCell(2), aCell(100)], SAMPLE);
    expect(figures).toMatchObject({ rounds: 3, tasksPerSecond: 5, p50: 20, p99: 40, sample: SAMPLE });
  });

  it('has the CPU time of one task, and none where the system does not tell', () => {
    const blind = { temporal: null, worker: 80, api: null, database: null, client: 10 };
    const { cpu } = figuresOf([aCell(1, { cpu: blind })], SAMPLE);
    expect(cpu).toEqual({ temporal: null, worker: 8, api: null, database: null, client: 1 });
  });
});

describe('measuredCase', () => {
  it('divides Hopper’s tasks per second by each floor’s, and holds the shares against them', () => {
    const report = measuredCase('a', allAt(8, 10, 16));
    expect(report).toMatchObject({ status: 'measured', ratios: { floor: 0.8, bareFloor: 0.5 } });
    expect(metOf(report)).toEqual([
      ['share', true],
      ['share', false],
      ['events', true],
      ['hopCommits', true],
    ]);
  });

  it('holds events and commits of Hopper against their limits', () => {
    const report = measuredCase('b', allAt(10, 10, 10, { events: 33, hopCommits: 2.5 }));
    expect(metOf(report).slice(2)).toEqual([
      ['events', false],
      ['hopCommits', false],
    ]);
  });
});

describe('timedCase', () => {
  it('holds the time since a decision was sent against its limits, over all rounds', () => {
    const round = (times: number[]) => ({ sinceSent: times, sinceAnswer: times.map(() => 0) });
    const hopper = nextHopFiguresOf([round([10, 20]), round([25, 101])]);
    const report = timedCase('f', { hopper, floor: hopper, bareFloor: hopper });
    expect(hopper).toMatchObject({ decisions: 4, sinceSent: { p50: 20, p99: 101 } });
    expect(metOf(report)).toEqual([
      ['nextHopP50', true],
      ['nextHopP99', false],
    ]);
  });
});

describe('orderOf', () => {
  it('lets each contender begin in its turn, and never leaves one out', () => {
    const orders = [0, 1, 2, 3].map(orderOf);
    expect(orders.map(([first]) => first)).toEqual([
      'hopper',
      'floor',
      'bareFloor',
      'hopper',
    ] satisfies ContenderName[]);
    for (const order of orders) expect(new Set(order).size).toBe(3);
  });
});

function metOf(report: ReturnType<typeof measuredCase>): [kind: string, isMet: boolean][] {
  return report.status === 'failed' ? [] : report.targets.map(({ target, isMet }) => [target.kind, isMet]);
}
