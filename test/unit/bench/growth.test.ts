import { describe, expect, it } from '@jest/globals';
import { svgOf } from '../../../bench/charts/draw.ts';
import { growthCharts } from '../../../bench/charts/growth-charts.ts';
import { planOf } from '../../../bench/growth/options.ts';
import type { ParkedStep } from '../../../bench/growth/parked.ts';
import { type Report, growthOf, parkedOf } from '../../../bench/growth/report.ts';
import { bytesPerTask } from '../../../bench/growth/sizes.ts';
import { tableOf } from '../../../bench/growth/table.ts';

const samples = (size: number, ms: number, perSecond: number) => ({
  size,
  ms: { decision: [ms, ms, ms], 'minute check': [ms] },
  perSecond: [perSecond],
});

const parkedStep = (bytes: number): ParkedStep => ({
  parked: 1_000,
  bytesPerTask: { tasks: bytes, task_events: 240 },
  temporalBytesPerTask: 9_000,
  workerMegabytes: 300,
  restartSeconds: 2,
  acceptMs: 30,
});

const report = (): Report => ({
  ...{ node: 'v20', postgres: '18', cores: 2, loadAverage: [1, 1] as const },
  finished: { ...growthOf([samples(0, 4, 30), samples(1_000_000, 6, 29)], 1.3), bytesPerTask: { tasks: 900 } },
  parked: parkedOf([parkedStep(10_000)]),
});

describe('planOf', () => {
  it('takes the sizes that were asked for, ascending and once each', () => {
    expect(planOf({ finished: '1000, 0,1000' }).sizes.finished).toEqual([0, 1_000]);
  });

  it('leaves the other parts out where only one is wanted', () => {
    expect(planOf({ only: 'parked', parked: '50' }).sizes).toEqual({ finished: [], instances: [], parked: [50] });
  });

  it.each([{ only: 'all' }, { finished: 'many' }, { instances: '5' }, { parked: '0' }, { parked: '' }])(
    'refuses %j as wrong usage',
    (asked) => {
      expect(() => planOf(asked)).toThrow(expect.objectContaining({ code: 'wrong' }));
    },
  );
});

describe('growthOf', () => {
  it('takes a rate that halved for twice the time', () => {
    const [rate] = growthOf([samples(0, 4, 30), samples(10, 4, 15)], 1.3).rows;
    expect(rate).toMatchObject({ measure: 'case (a)', growth: 2, isMet: false });
  });

  it('judges a median, and shows a p99 that it does not judge', () => {
    const { rows } = growthOf([samples(0, 4, 30), samples(10, 5, 30)], 1.3);
    expect(rows.find(({ measure }) => measure === 'decision')).toMatchObject({ growth: 1.25, isMet: true });
    expect(rows.find(({ measure }) => measure === 'decision, p99')).toMatchObject({ growth: 1.25, isMet: null });
  });
});

describe('bytesPerTask', () => {
  it('divides what each table grew by, the largest first, and leaves the others out', () => {
    const grown = bytesPerTask({ a: 100, b: 100, c: 7 }, { a: 200, b: 500, c: 7 }, 10);
    expect(Object.entries(grown)).toEqual([
      ['b', 40],
      ['a', 10],
    ]);
  });
});

describe('tableOf', () => {
  it('says of each figure whether its aim is met', () => {
    const lines = tableOf(report()).split('\n');
    expect(lines).toContain('| case (a) | 30 | 29 | 1.03 × | met |');
    expect(lines).toContain('| decision | 4.0 | 6.0 | 1.50 × | **missed** |');
    expect(lines).toContain('| 1,000 | 10,240 | met | 9,000 | 300 | 2.0 | 30 |');
    expect(lines.at(-1)).toBe('A parked task takes 10,240 bytes with its indexes: tasks 10,000, task_events 240.');
  });
});

describe('growthCharts', () => {
  it('draws a chart of each part that was measured, small and on a background of its own', () => {
    const charts = growthCharts(report());
    expect(charts.map(({ name }) => name)).toEqual(['growth-finished', 'growth-parked']);
    for (const chart of charts) {
      const svg = svgOf(chart);
      expect(svg).toMatch(/^<svg [^>]*>\n?<rect [^>]*fill="#ffffff"/);
      expect(svg.length).toBeLessThan(20_000);
    }
    expect(svgOf(charts[0]!)).toContain('aim 1.3 ×');
  });
});
