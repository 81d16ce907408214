import { jsonProblem, textProblem } from '../plain-problems.ts';
import { PRIORITIES, type Priority } from '../task.ts';
import { type PartProblem, problemsOfList } from './part-list.ts';
import { MAX_PARTS, type PartSpec } from './part.ts';

export type ReadParts = { readonly parts: readonly PartSpec[] } | { readonly problems: readonly PartProblem[] };

const LONGEST = { title: 500, description: 50_000, label: 100 } as const;
const MOST_TAGS = 100;
const LONGEST_DURATION = 10_000_000;

/** Reads a list of parts from anything: a title alone stands for a part, and one without a key is known by its number. */
export function readParts(list: unknown): ReadParts {
  if (!Array.isArray(list)) return { problems: [{ path: 'parts', message: 'must be a list' }] };
  if (list.length > MAX_PARTS) return { problems: problemsOfList(list as PartSpec[]) }; // before each is looked at
  const given = list.map((each: unknown) => (typeof each === 'string' ? { title: each } : each));
  const problems = given.flatMap((each, index) => problemsOfPart(each, `parts[${String(index)}]`));
  if (problems.length > 0) return { problems };
  const parts = given.map((each, index) => partOf(each as GivenPart, index));
  const wrong = problemsOfList(parts);
  return wrong.length === 0 ? { parts } : { problems: wrong };
}

type GivenPart = { readonly title: string } & Partial<{
  readonly [Field in keyof PartSpec]: PartSpec[Field] | null;
}>;

function partOf(given: GivenPart, index: number): PartSpec {
  return {
    key: given.key ?? String(index + 1),
    title: given.title,
    description: given.description ?? null,
    tags: given.tags ?? [],
    priority: given.priority ?? null,
    estimatedDuration: given.estimatedDuration ?? null,
    metadata: given.metadata ?? {},
    after: [...new Set(given.after ?? [])],
  };
}

type Check = (value: unknown) => string | null;

const CHECKS = {
  key: (value) => textProblem(value, true, LONGEST.label),
  title: (value) => textProblem(value, true, LONGEST.title),
  description: (value) => textProblem(value, false, LONGEST.description),
  tags: (value) => labelsProblem(value, MOST_TAGS),
  priority: (value) => (isPriority(value) ? null : `must be one of ${PRIORITIES.join(', ')}`),
  estimatedDuration: (value) => (isDuration(value) ? null : 'must be a whole number of minutes'),
  metadata: (value) => (typeof value === 'object' && !Array.isArray(value) ? jsonProblem(value) : 'must be an object'),
  after: (value) => labelsProblem(value, MAX_PARTS),
} as const satisfies Record<keyof PartSpec, Check>;

function problemsOfPart(given: unknown, path: string): readonly PartProblem[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return [{ path, message: 'must be a title or an object' }];
  const fields = new Map<string, unknown>(Object.entries(given));
  const unknown = [...fields.keys()].filter((key) => !Object.hasOwn(CHECKS, key));
  const wrong = Object.entries(CHECKS).flatMap(([key, check]): PartProblem[] => {
    const value = fields.get(key) ?? null;
    const message = value === null ? whenMissing(key) : check(value);
    return message === null ? [] : [{ path: `${path}.${key}`, message }];
  });
  return [...unknown.map((key) => ({ path: `${path}.${key}`, message: 'is not known' })), ...wrong];
}

function whenMissing(key: string): string | null {
  return key === 'title' ? 'is missing' : null;
}

function labelsProblem(value: unknown, most: number): string | null {
  if (!Array.isArray(value)) return 'must be a list of texts';
  if (value.length > most) return `must have at most ${String(most)} entries`;
  const problems = value.map((each) => textProblem(each, true, LONGEST.label));
  return problems.find((problem) => problem !== null) ?? null;
}

function isPriority(value: unknown): value is Priority {
  return PRIORITIES.some((each) => each === value);
}

function isDuration(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LONGEST_DURATION;
}
