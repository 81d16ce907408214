import { type Machine, quantile } from '../figures.ts';
import { CASE, type CaseName, type Target } from './cases.ts';
import { type Cell, type Cpu, ofEach } from './cell.ts';
import { CONTENDERS, type ContenderName } from './contender.ts';
import type { NextHopTimes } from './next-hop.ts';
import type { Sample } from './sample.ts';

/** Of one contender: medians over the rounds. */
export interface Figures {
  readonly rounds: number;
  readonly tasksPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Milliseconds of a task. */
  readonly cpu: Cpu;
  readonly sample: Sample;
}

/** Of one contender, in milliseconds over all decisions of all rounds. */
export interface NextHopFigures {
  readonly decisions: number;
  readonly sinceSent: { readonly p50: number; readonly p99: number };
  readonly sinceAnswer: { readonly p50: number; readonly p99: number };
}

/** An aim, and whether it was reached. */
export interface Held {
  readonly target: Target;
  readonly measured: number;
  readonly isMet: boolean;
}

export type Each<Of> = Readonly<Record<ContenderName, Of>>;
type Ratios = Readonly<Record<Exclude<ContenderName, 'hopper'>, number>>;

/** A case with both of its floors, or why there is none. */
export type CaseReport =
  | { readonly name: CaseName; readonly status: 'failed'; readonly reason: string }
  | {
      readonly name: CaseName;
      readonly status: 'measured';
      readonly figures: Each<Figures>;
      /** Hopper’s tasks per second, divided by the floor’s. */
      readonly ratios: Ratios;
      readonly targets: readonly Held[];
    }
  | {
      readonly name: CaseName;
      readonly status: 'timed';
      readonly figures: Each<NextHopFigures>;
      readonly targets: readonly Held[];
    };

export interface Report extends Machine {
  readonly temporal: string;
  readonly sdk: string;
  readonly minutes: number;
  readonly cases: readonly CaseReport[];
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (below + above) / 2;
};

/** What the rounds of one contender come to. */
export function figuresOf(cells: readonly Cell[], sample: Sample): Figures {
  const over = (figure: (cell: Cell) => number): number => median(cells.map(figure));
  return {
    rounds: cells.length,
    tasksPerSecond: over(({ tasks, seconds }) => tasks / seconds),
    p50: over(({ times }) => quantile(times, 0.5)),
    p95: over(({ times }) => quantile(times, 0.95)),
    p99: over(({ times }) => quantile(times, 0.99)),
    cpu: ofEach((name) => {
      const times = cells.flatMap(({ cpu, tasks }) => (cpu[name] === null ? [] : [cpu[name] / tasks]));
      return times.length === 0 ? null : median(times);
    }),
    sample,
  };
}

/** What all decisions of one contender come to. */
export function nextHopFiguresOf(rounds: readonly NextHopTimes[]): NextHopFigures {
  const ends = (times: readonly number[]) => ({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
  const sinceSent = rounds.flatMap((round) => round.sinceSent);
  const sinceAnswer = rounds.flatMap((round) => round.sinceAnswer);
  return { decisions: sinceSent.length, sinceSent: ends(sinceSent), sinceAnswer: ends(sinceAnswer) };
}

/** A case that was measured with both floors. */
export function measuredCase(name: CaseName, figures: Each<Figures>): CaseReport {
  const { hopper, floor, bareFloor } = figures;
  const ratios = {
    floor: hopper.tasksPerSecond / floor.tasksPerSecond,
    bareFloor: hopper.tasksPerSecond / bareFloor.tasksPerSecond,
  };
  const measured = (target: Target): number => {
    if (target.kind === 'share') return ratios[target.of];
    return target.kind === 'events' || target.kind === 'hopCommits' ? hopper.sample[target.kind] : Number.NaN;
  };
  return { name, status: 'measured', figures, ratios, targets: held(name, measured) };
}

/** The case that is about a time, measured with both floors. */
export function timedCase(name: CaseName, figures: Each<NextHopFigures>): CaseReport {
  const { p50, p99 } = figures.hopper.sinceSent;
  const measured = ({ kind }: Target): number =>
    kind === 'nextHopP50' ? p50 : kind === 'nextHopP99' ? p99 : Number.NaN;
  return { name, status: 'timed', figures, targets: held(name, measured) };
}

function held(name: CaseName, measure: (target: Target) => number): Held[] {
  return CASE[name].targets.map((target) => {
    const measured = measure(target);
    const isMet = target.kind === 'share' ? measured >= target.atLeast : measured <= target.atMost;
    return { target, measured, isMet };
  });
}

/** Figures of each contender, made one by one. */
export async function forEachContender<Of>(make: (name: ContenderName) => Promise<Of>): Promise<Each<Of>> {
  const made: [ContenderName, Of][] = [];
  for (const name of CONTENDERS) made.push([name, await make(name)]);
  return Object.fromEntries(made) as Each<Of>;
}

/** Who begins changes from round to round. */
export function orderOf(round: number): ContenderName[] {
  const from = round % CONTENDERS.length;
  return [...CONTENDERS.slice(from), ...CONTENDERS.slice(0, from)];
}
