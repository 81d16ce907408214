import type { Part, PartSpec } from './part.ts';

/** The parts as they stand once they are on record: those that wait for none may begin (rule J1). */
export function newParts(specs: readonly PartSpec[], idOf: (no: number) => string): readonly Part[] {
  const ids = new Map(specs.map(({ key }, no) => [key, idOf(no)]));
  return specs.map(({ key, after }, no): Part => {
    const isReleased = after.length === 0;
    return {
      id: idOf(no),
      key,
      no,
      status: isReleased ? 'routing' : 'waiting',
      after: after.flatMap((other) => ids.get(other) ?? []),
      isReleased,
      isSkipped: false,
      finishedAt: null,
    };
  });
}
