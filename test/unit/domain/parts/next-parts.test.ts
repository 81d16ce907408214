import { describe, expect, it } from '@jest/globals';
import { type PartMove, standOf } from '../../../../src/domain/parts/next-parts.ts';
import type { Part } from '../../../../src/domain/parts/part.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { aTask } from '../../../support/builders.ts';
import { aPart, aWaitingPart } from '../../../support/parts.ts';

const stand = (parts: readonly Part[], task: Partial<Task> = {}) =>
  standOf({ task: aTask({ status: 'waiting', join: 'best_effort', ...task }), parts });
const told = (moves: readonly PartMove[]) => moves.map(({ part, to, reason }) => [part.key, to, reason]);

describe('standOf', () => {
  it('counts what is open, and how many have their place among those that may begin', () => {
    expect(stand([aPart(0, { status: 'completed' }), aPart(1), aWaitingPart(2, [1])])).toMatchObject({
      open: 2,
      released: 2,
      joined: { kind: 'open' },
      moves: [],
    });
  });

  it('releases a part once all that it waits for are completed, and not before (rule J1)', () => {
    const done = aPart(0, { status: 'completed' });
    const waiting = aWaitingPart(2, [0, 1]);
    expect(stand([done, aPart(1), waiting]).moves).toEqual([]);
    const { moves } = stand([done, aPart(1, { status: 'completed' }), waiting]);
    expect(told(moves)).toEqual([['2', 'released', '"0", "1" completed']]);
  });

  it('skips a part that waits for one that did not complete (rule J3)', () => {
    const { moves } = stand([aPart(0, { status: 'rejected' }), aPart(1), aWaitingPart(2, [1, 0])]);
    expect(told(moves)).toEqual([['2', 'skipped', 'part "0", which it waits for, is rejected']]);
  });

  it('skips a part that waits for one that is no longer there (rule J3)', () => {
    const { moves } = stand([aPart(1), aWaitingPart(2, [0])]);
    expect(told(moves)).toEqual([['2', 'skipped', 'a part which it waits for was deleted']]);
  });

  it('lets none begin any more once the join is decided, or the task is over (rule J3)', () => {
    const parts = [aPart(0, { status: 'completed' }), aPart(1), aWaitingPart(2, [1])];
    const decided = stand(parts, { join: 'any' });
    expect(told(decided.moves)).toEqual([['2', 'cancelled', 'no longer needed: part "0" was the first to complete']]);
    expect(told(stand(parts, { status: 'cancelled' }).moves)).toEqual([
      ['2', 'cancelled', 'the task that it is a part of is cancelled'],
    ]);
  });

  it('leaves alone what has begun, and what was split itself', () => {
    expect(stand([aPart(0), aPart(1, { status: 'waiting' })], { status: 'failed' }).moves).toEqual([]);
  });

  it('finds nothing to do for a task that was not split', () => {
    expect(stand([], { join: null, status: 'queued' })).toEqual({
      joined: { kind: 'open' },
      moves: [],
      open: 0,
      released: 0,
    });
  });
});
