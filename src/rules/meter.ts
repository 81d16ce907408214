import {
  type CelEnv,
  type CelFunc,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  celList,
  celMethod,
  isCelError,
  isCelList,
  isCelMap,
  listType,
} from '@bufbuild/cel';
import type { Patterns } from './patterns.ts';

/** The steps of one evaluation; the same expression and task always take the same number (rule L3). */
const MAX_STEPS = 25_000;

/** The names under which a loop counts its turns, and what it goes through; nobody can write them in an expression. */
export const STEP = '@step';
export const RANGE = '@range';

/** Counts what an evaluation costs, and ends it above the limit. */
export interface Meter {
  start(): void;
  readonly isSpent: boolean;
}

/** An environment in which every function, every operator and every turn of a loop costs steps. */
export interface MeteredEnv {
  readonly env: CelEnv;
  readonly meter: Meter;
}

const { BOOL, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);
const TEXT_PER_STEP = 64;
const ITEMS_PER_STEP = 4;
/** A search looks at no more characters of the needle than this at each place. */
const LONGEST_NEEDLE = 250;
const SEARCHED_PER_STEP = 256;
const MATCHED_PER_STEP = 16;

export function createMeteredEnv(patterns: Patterns): MeteredEnv {
  let left = 0;
  const charge = (steps: number): void => {
    left -= steps;
    if (left < 0) throw new RangeError(spentWords());
  };
  const meter = {
    start: () => {
      left = MAX_STEPS;
    },
    get isSpent() {
      return left < 0;
    },
  };
  return {
    env: celEnv({ funcs: [...standard().map((func) => metered(func, charge)), ...own(charge, patterns)] }),
    meter,
  };
}

/** Why an evaluation was ended. */
export function spentWords(): string {
  return `it takes more than ${String(MAX_STEPS)} steps for this task`;
}

function standard(): readonly CelFunc[] {
  return [...celEnv().funcs];
}

type Charge = (steps: number) => void;

function metered(func: CelFunc, charge: Charge): CelFunc {
  const { name, target, arguments: parameters, result } = func;
  const run = (receiver: CelValue | undefined, args: CelValue[]): CelValue => {
    charge(costOf(name, receiver === undefined ? args : [receiver, ...args]));
    const answer = func.call(0, receiver, args);
    if (answer === undefined) throw new TypeError(`${name} does not take these values`);
    if (isCelError(answer)) throw answer;
    return answer;
  };
  if (target === undefined) return celFunc(name, parameters, result, (...args: CelValue[]) => run(undefined, args));
  return celMethod(name, target, parameters, result, function (...args: CelValue[]) {
    return run(this, args);
  });
}

/** What the library does in a way that cannot be bounded, and the count of a loop. */
function own(charge: Charge, patterns: Patterns): readonly CelFunc[] {
  return [
    celFunc(STEP, [BOOL, INT], BOOL, (condition, nodes) => {
      charge(Number(nodes));
      return condition;
    }),
    celFunc(RANGE, [DYN], DYN, (range) => {
      charge(isCelList(range) || isCelMap(range) ? range.size / ITEMS_PER_STEP : 0);
      return range;
    }),
    celFunc('_+_', [LIST, LIST], LIST, (a, b) => {
      charge(1 + (a.size + b.size) / ITEMS_PER_STEP);
      return celList([...a, ...b]);
    }),
    celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
      const { size, test } = patterns.get(pattern);
      charge(1 + (this.length * size) / MATCHED_PER_STEP);
      return test(this);
    }),
  ];
}

function costOf(name: string, values: readonly CelValue[]): number {
  const [first, second] = values;
  switch (name) {
    case 'size':
      return typeof first === 'string' ? 1 + weigh(first) : 1;
    case '@in':
      return isCelMap(second) ? 1 : 1 + weighAll(values);
    case '_==_':
    case '_!=_':
      return 1 + Math.min(...values.map(weigh));
    case 'contains':
      return 1 + searchCost(first, second);
    default:
      return 1 + weighAll(values);
  }
}

function searchCost(text: CelValue | undefined, needle: CelValue | undefined): number {
  if (typeof text !== 'string' || typeof needle !== 'string') return 0;
  return (text.length * Math.min(needle.length, LONGEST_NEEDLE)) / SEARCHED_PER_STEP;
}

function weighAll(values: readonly CelValue[]): number {
  return values.reduce<number>((sum, value) => sum + weigh(value), 0);
}

/** Of a metadata object this is asked again and again, and of values that never change. */
const KNOWN = new WeakMap<object, number>();

function weigh(value: CelValue): number {
  if (typeof value === 'string') return value.length / TEXT_PER_STEP;
  if (!isCelList(value) && !isCelMap(value)) return 0;
  const known = KNOWN.get(value);
  if (known !== undefined) return known;
  const members = isCelMap(value) ? [...value.entries()].flat() : [...value];
  const weight = members.length / ITEMS_PER_STEP + weighAll(members);
  KNOWN.set(value, weight);
  return weight;
}
