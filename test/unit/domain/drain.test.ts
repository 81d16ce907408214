import { describe, expect, it } from '@jest/globals';
import { countLeft, drainIdOf, drainWaitMs } from '../../../src/domain/drain.ts';

describe('countLeft', () => {
  it('adds up the tasks of every status', () => {
    const left = [
      { status: 'queued', count: 3 },
      { status: 'in_progress', count: 2 },
    ] as const;
    expect([countLeft({ left }), countLeft({ left: [] })]).toEqual([5, 0]);
  });
});

describe('drainWaitMs', () => {
  it('grows from a second to thirty, then is a minute', () => {
    const waits = Array.from({ length: 8 }, (_, index) => drainWaitMs(index + 1) / 1_000);
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 60, 60]);
  });
});

describe('drainIdOf', () => {
  it('names the one drain of an instance', () => {
    expect(drainIdOf('0197')).toBe('drain/0197');
  });
});
