import type { Asked } from '../command-line.ts';

export const PARTS = ['finished', 'instances', 'parked'] as const;
export type Part = (typeof PARTS)[number];

/** Which parts are measured, each at which sizes, and how thoroughly. */
export interface Plan {
  /** Ascending; none for a part that is left out. */
  readonly sizes: Readonly<Record<Part, readonly number[]>>;
  /** Lives and reads of each stand in one round, and how many rounds. */
  readonly rounds: number;
  readonly lives: number;
  readonly reads: number;
  /** Of case (a): how long each stand is under load in one round, and how many tasks are under way at once. */
  readonly load: { readonly rounds: number; readonly seconds: number; readonly atOnce: number };
  /** How many parked tasks are accepted to see how long that takes. */
  readonly accepts: number;
}

const FULL: Plan = {
  sizes: { finished: [0, 100_000, 1_000_000], instances: [10, 1_000, 10_000], parked: [1_000, 10_000] },
  rounds: 10,
  lives: 30,
  reads: 3,
  load: { rounds: 4, seconds: 12, atOnce: 16 },
  accepts: 30,
};

const QUICK: Plan = {
  sizes: { finished: [0, 2_000], instances: [10, 100], parked: [20, 60] },
  rounds: 2,
  lives: 3,
  reads: 1,
  load: { rounds: 1, seconds: 3, atOnce: 8 },
  accepts: 3,
};

/** At fewer a Global has no five projects that share a skill; more are not what this was made for. */
const LIMITS = {
  finished: [0, 5_000_000],
  instances: [10, 50_000],
  parked: [1, 200_000],
} as const satisfies Record<Part, readonly [number, number]>;

/** What the command line asks for; throws on what cannot be done. */
export function planOf(asked: Asked): Plan {
  const { quick, only } = asked;
  const plan = quick === true ? QUICK : FULL;
  if (only !== undefined && !PARTS.some((part) => part === only)) refuse(`--only is one of ${PARTS.join(', ')}`);
  const sizesOf = (part: Part): readonly number[] => {
    if (only !== undefined && only !== part) return [];
    const given = asked[part];
    return typeof given === 'string' ? listOf(part, given) : plan.sizes[part];
  };
  return {
    ...plan,
    sizes: { finished: sizesOf('finished'), instances: sizesOf('instances'), parked: sizesOf('parked') },
  };
}

function listOf(part: Part, text: string): readonly number[] {
  const [least, most] = LIMITS[part];
  const sizes = text.split(',').map((word) => (/^\d{1,9}$/.test(word.trim()) ? Number(word) : Number.NaN));
  if (!sizes.every((size) => size >= least && size <= most))
    refuse(`--${part} is a list such as ${FULL.sizes[part].join(',')}, from ${String(least)} to ${String(most)}`);
  return [...new Set(sizes)].toSorted((a, b) => a - b);
}

/** As `parseArgs` refuses a wrong word, so that the usage is shown. */
function refuse(message: string): never {
  throw Object.assign(new TypeError(message), { code: 'wrong' });
}
