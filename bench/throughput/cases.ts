import type { ContenderName } from './contender.ts';

export const CASES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export type CaseName = (typeof CASES)[number];

/** What is measured, how many of it, and what it should be. */
export interface Case {
  readonly title: string;
  /** Tasks in one round of the full run, and of the quick one. */
  readonly tasks: readonly [full: number, quick: number];
  /** Tasks that are open at once. */
  readonly concurrency: number;
  readonly targets: readonly Target[];
}

/** An aim: a share of a floor’s tasks per second at least, or a figure of Hopper’s at most. */
export type Target =
  | { readonly kind: 'share'; readonly of: Exclude<ContenderName, 'hopper'>; readonly atLeast: number }
  | { readonly kind: 'events' | 'hopCommits' | 'nextHopP50' | 'nextHopP99'; readonly atMost: number };

const share = (of: Exclude<ContenderName, 'hopper'>, atLeast: number): Target => ({ kind: 'share', of, atLeast });
const SHARES = [share('floor', 0.8), share('bareFloor', 0.6)];
const COMMITS: Target = { kind: 'hopCommits', atMost: 2 };

export const CASE: Readonly<Record<CaseName, Case>> = {
  a: {
    title: 'two hops accepted by themselves, completed from outside',
    tasks: [200, 24],
    concurrency: 64,
    targets: [...SHARES, { kind: 'events', atMost: 16 }, COMMITS],
  },
  b: {
    title: 'two hops accepted, and completed, from outside',
    tasks: [120, 16],
    concurrency: 64,
    targets: [...SHARES, { kind: 'events', atMost: 32 }, COMMITS],
  },
  c: {
    title: '(b) over HTTP by 64 clients',
    tasks: [120, 16],
    concurrency: 64,
    targets: [share('floor', 0.7)],
  },
  d: {
    title: 'two hops, claimed and completed over HTTP by 16 workers',
    tasks: [160, 20],
    concurrency: 64,
    targets: SHARES,
  },
  e: { title: `a task with 20 parts`, tasks: [8, 1], concurrency: 4, targets: [] },
  f: {
    title: 'the next hop after a decision, at 10 decisions a second',
    tasks: [50, 10],
    concurrency: 1,
    targets: [
      { kind: 'nextHopP50', atMost: 25 },
      { kind: 'nextHopP99', atMost: 100 },
    ],
  },
};

export const WORKERS = 16;
export const DECISIONS_PER_SECOND = 10;
