import type { Random } from './random.ts';

/** One thing that is done to Hopper, and what must hold afterwards. */
export interface Scenario {
  /** In kebab-case: what is done. */
  readonly name: string;
  /** One sentence: what must hold afterwards. */
  readonly promise: string;
  /** Throws when the promise is broken. */
  run(ground: Ground): Promise<Account>;
}

/** How much of it: `short` for the tests (seconds), `usual` for a campaign (a minute or so), `long` for hours. */
export type Size = 'short' | 'usual' | 'long';

/** Where a scenario runs. */
export interface Ground {
  readonly size: Size;
  /** Seeded from the campaign's seed and the scenario's name; nothing else is random. */
  readonly random: Random;
  readonly say: (message: string) => void;
  /** Empty, of this scenario alone; kept when the promise was broken. */
  readonly folder: string;
  readonly stopping: AbortSignal;
}

/** What happened, as name and number or text: tasks, kills, conflicts … */
export type Account = Readonly<Record<string, number | string>>;

/** In an account: why nothing was done to Hopper here, so that nothing is shown. */
export const NOT_DONE = 'not done';

/** What a scenario does so much of, by its size. */
export function bySize<Amount>({ size }: Pick<Ground, 'size'>, amounts: Readonly<Record<Size, Amount>>): Amount {
  return amounts[size];
}
