import { describe, expect, it } from '@jest/globals';
import { BackOff } from '../../../src/temporal/back-off.ts';

/** Claims a task each time it is due and answers the waits in between, in seconds. */
function waitsOf(claims: number): number[] {
  const backOff = new BackOff();
  let now = 0;
  return Array.from({ length: claims }, () => {
    backOff.claim('task', now);
    const since = now;
    while (backOff.due(now).length === 0) now += 1_000;
    return (now - since) / 1_000;
  });
}

describe('BackOff', () => {
  it('lets a task be asked again after 5 seconds, doubling to 10 minutes (law 2)', () => {
    expect(waitsOf(10)).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });

  it('lets nobody ask before the time has come', () => {
    const backOff = new BackOff();
    expect(backOff.claim('task', 1_000)).toBe(true);
    expect(backOff.claim('task', 5_999)).toBe(false);
    expect(backOff.claim('task', 6_000)).toBe(true);
    expect(backOff.claim('task', 15_999)).toBe(false);
  });

  it('keeps tasks apart', () => {
    const backOff = new BackOff();
    backOff.claim('one', 0);
    expect(backOff.claim('another', 1)).toBe(true);
    expect(backOff.due(5_000)).toEqual(['one']);
  });

  it('begins anew with a task that was forgotten', () => {
    const backOff = new BackOff();
    backOff.claim('task', 0);
    backOff.claim('task', 5_000);
    backOff.forget('task');
    expect(backOff.due(1_000_000)).toEqual([]);
    expect(backOff.claim('task', 5_001)).toBe(true);
    expect(backOff.due(10_001)).toEqual(['task']);
  });
});
