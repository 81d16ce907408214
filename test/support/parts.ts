import type { Part, PartSpec } from '../../src/domain/parts/part.ts';
import { anId, secondsLater } from './builders.ts';

/** A part as it is asked for, that waits for the named others. */
export function aSpec(key: string, after: readonly string[] = [], overrides: Partial<PartSpec> = {}): PartSpec {
  return {
    key,
    title: `do ${key}`,
    description: null,
    tags: [],
    priority: null,
    estimatedDuration: null,
    metadata: {},
    after,
    ...overrides,
  };
}

/** The id that `aPart` gives to the part of this number. */
const partId = (no: number): string => anId(0x1000 + no);

/** A part that has begun; one that is final ended so many seconds after `NOW` as its number says. */
export function aPart(no: number, overrides: Partial<Part> = {}): Part {
  const { status = 'routing' } = overrides;
  const isOver = ['completed', 'failed', 'rejected', 'cancelled'].includes(status);
  return {
    id: partId(no),
    key: String(no),
    no,
    status,
    after: [],
    isReleased: true,
    isSkipped: false,
    finishedAt: isOver ? secondsLater(no) : null,
    ...overrides,
  };
}

/** A part that has not begun and waits for those of these numbers. */
export function aWaitingPart(no: number, after: readonly number[], overrides: Partial<Part> = {}): Part {
  return aPart(no, { status: 'waiting', isReleased: false, after: after.map(partId), ...overrides });
}
