import { type Machine, quantile } from '../figures.ts';
import type { Samples } from './grow.ts';
import type { ParkedStep } from './parked.ts';
import { type TableSizes, totalOf } from './sizes.ts';

/** One thing that was measured, at every size; what is undefined was not measured. */
export interface Row {
  readonly measure: string;
  readonly unit: 'ms' | 'tasks/s';
  readonly values: readonly number[];
  /** How many times as much it takes at the largest size as at the smallest. */
  readonly growth: number;
  /** null where a single outlier makes the figure, which is shown and not judged. */
  readonly isMet: boolean | null;
}

/** Stands of growing size, side by side. */
export interface Growth {
  readonly sizes: readonly number[];
  readonly mostGrowth: number;
  readonly rows: readonly Row[];
}

export interface Parked {
  readonly mostBytesPerTask: number;
  readonly steps: readonly (ParkedStep & { readonly totalBytesPerTask: number; readonly isMet: boolean })[];
}

export interface Report extends Machine {
  readonly finished?: Growth & { readonly bytesPerTask: TableSizes };
  readonly instances?: Growth;
  readonly parked?: Parked;
}

/** What may be slower with a million finished tasks than with none. */
export const MOST_GROWTH_BY_FINISHED = 1.3;
/** With 10,000 siblings against ten: five times as many candidates are looked at, and go on record. */
export const MOST_GROWTH_BY_INSTANCES = 2;
const MOST_BYTES_PER_PARKED = 10_240;

/** Quantiles of what was timed, and the rate of case (a), with how they grew. */
export function growthOf(samples: readonly Samples[], mostGrowth: number): Growth {
  const timed = (name: string, share: number): number[] =>
    samples.map(({ ms }) => Number(quantile(ms[name] ?? [], share).toPrecision(4)));
  const judged = (measure: string, values: readonly number[]): Row => {
    const growth = (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN);
    return { measure, unit: 'ms', values, growth, isMet: growth <= mostGrowth };
  };
  const names = Object.keys(samples[0]?.ms ?? {});
  const rows = names.flatMap((name) => {
    const row = judged(name, timed(name, 0.5));
    if (name !== 'decision') return [row];
    return [row, { ...judged('decision, p99', timed(name, 0.99)), isMet: null }];
  });
  return { sizes: samples.map(({ size }) => size), mostGrowth, rows: [rateOf(samples, mostGrowth), ...rows] };
}

/** The median of the rounds; a rate that falls by half has grown twofold. */
function rateOf(samples: readonly Samples[], mostGrowth: number): Row {
  const values = samples.map(({ perSecond }) => Number(quantile(perSecond, 0.5).toPrecision(4)));
  const growth = (values[0] ?? Number.NaN) / (values.at(-1) ?? Number.NaN);
  return { measure: 'case (a)', unit: 'tasks/s', values, growth, isMet: growth <= mostGrowth };
}

export function parkedOf(steps: readonly ParkedStep[]): Parked {
  const judged = steps.map((step) => {
    const totalBytesPerTask = totalOf(step.bytesPerTask);
    return { ...step, totalBytesPerTask, isMet: totalBytesPerTask <= MOST_BYTES_PER_PARKED };
  });
  return { mostBytesPerTask: MOST_BYTES_PER_PARKED, steps: judged };
}
