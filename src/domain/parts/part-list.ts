import { MAX_PARTS, type PartSpec } from './part.ts';

/** What is wrong with a list of parts, and where. */
export interface PartProblem {
  readonly path: string;
  readonly message: string;
}

type Linked = Pick<PartSpec, 'key' | 'after'>;

/** Why a list is none that a task can be split into: its length, its keys, and what waits for what (rule J4). */
export function problemsOfList(parts: readonly Linked[]): readonly PartProblem[] {
  if (parts.length === 0) return [{ path: 'parts', message: 'must have at least one part' }];
  if (parts.length > MAX_PARTS) {
    const message = `must have at most ${String(MAX_PARTS)} parts, not ${String(parts.length)}`;
    return [{ path: 'parts', message }];
  }
  const found = [...repeatedKeys(parts), ...unknownKeys(parts)];
  return found.length > 0 ? found : circles(parts);
}

function repeatedKeys(parts: readonly Linked[]): readonly PartProblem[] {
  const firstOf = new Map<string, number>();
  return parts.flatMap(({ key }, index) => {
    const first = firstOf.get(key);
    if (first !== undefined) return [{ path: at(index, 'key'), message: `is that of parts[${String(first)}], too` }];
    firstOf.set(key, index);
    return [];
  });
}

function unknownKeys(parts: readonly Linked[]): readonly PartProblem[] {
  const keys = new Set(parts.map((part) => part.key));
  return parts.flatMap(({ key, after }, index) =>
    after.flatMap((other) => {
      if (other === key) return [{ path: at(index, 'after'), message: 'names the part itself' }];
      return keys.has(other)
        ? []
        : [{ path: at(index, 'after'), message: `there is no part ${JSON.stringify(other)}` }];
    }),
  );
}

/** Takes out what can begin, again and again; what is left waits for itself. */
function circles(parts: readonly Linked[]): readonly PartProblem[] {
  const open = new Map(parts.map((part) => [part.key, part.after]));
  for (let before = -1; before !== open.size;) {
    before = open.size;
    for (const [key, after] of open) if (!after.some((other) => open.has(other))) open.delete(key);
  }
  if (open.size === 0) return [];
  const [first = ''] = open.keys();
  const circle = circleFrom(first, open).map((key) => JSON.stringify(key));
  return [{ path: 'parts', message: `wait for each other in a circle: ${circle.join(' after ')}` }];
}

function circleFrom(start: string, open: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const way: string[] = [];
  let key = start;
  while (!way.includes(key)) {
    way.push(key);
    [key = ''] = [...open].flatMap(([each, after]) => (each === key ? after.filter((other) => open.has(other)) : []));
  }
  return [...way.slice(way.indexOf(key)), key];
}

function at(index: number, field: string): string {
  return `parts[${String(index)}].${field}`;
}
