import { describe, expect, it } from '@jest/globals';
import { nextTry, standingOf } from '../../../src/domain/exclusions.ts';
import type { Exclusion } from '../../../src/domain/task.ts';
import { NOW, PROJECT_ID, anId, secondsLater } from '../../support/builders.ts';

const patience = { retry_after_seconds: 60, max_retryable_refusals: 3 };
const postponedAgo = (seconds: number, instanceId = PROJECT_ID): Exclusion => ({
  instanceId,
  why: 'postponed',
  at: secondsLater(-seconds).toISOString(),
});

describe('standingOf', () => {
  it.each(['refused', 'expired', 'escalated'] as const)('excludes for good who %s (rule R3)', (why) => {
    expect(standingOf([{ instanceId: PROJECT_ID, why }], NOW, patience)).toEqual({
      excluded: [PROJECT_ID],
      postponed: [],
    });
  });

  it('excludes nobody who had the task when it stopped (rule I4)', () => {
    const nobody = { excluded: [], postponed: [] };
    expect(standingOf([{ instanceId: PROJECT_ID, why: 'stopped' }], NOW, patience)).toEqual(nobody);
  });

  it.each([
    [59, [{ instanceId: PROJECT_ID, until: secondsLater(1), times: 1 }]],
    [60, []],
  ] as const)('postpones who refused for a while: %i seconds later (rule R8)', (seconds, postponed) => {
    expect(standingOf([postponedAgo(seconds)], NOW, patience)).toEqual({ excluded: [], postponed });
  });

  it('counts from the last of several (rule R8)', () => {
    const { postponed } = standingOf([postponedAgo(10), postponedAgo(100)], NOW, patience);
    expect(postponed).toEqual([{ instanceId: PROJECT_ID, until: secondsLater(50), times: 2 }]);
  });

  it.each([
    [3, [PROJECT_ID]],
    [2, []],
  ] as const)('excludes for good after too many: %i (rule R8)', (times, excluded) => {
    const refusals = Array.from({ length: times }, () => postponedAgo(1_000));
    expect(standingOf(refusals, NOW, patience).excluded).toEqual(excluded);
  });

  it('does not postpone who refused for good as well (rule R3)', () => {
    const both: Exclusion[] = [postponedAgo(1), { instanceId: PROJECT_ID, why: 'refused' }];
    expect(standingOf(both, NOW, patience)).toEqual({ excluded: [PROJECT_ID], postponed: [] });
  });

  it('keeps two targets apart', () => {
    const { postponed } = standingOf([postponedAgo(1), postponedAgo(2, anId(7))], NOW, patience);
    expect(postponed.map((each) => each.times)).toEqual([1, 1]);
  });
});

describe('nextTry', () => {
  it('is when the first of them may be asked again, and never if nobody postponed', () => {
    const { postponed } = standingOf([postponedAgo(10), postponedAgo(20, anId(7))], NOW, patience);
    expect(nextTry(postponed)).toEqual(secondsLater(40));
    expect(nextTry([...postponed].reverse())).toEqual(secondsLater(40));
    expect(nextTry([])).toBeNull();
  });
});
