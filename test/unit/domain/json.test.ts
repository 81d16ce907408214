import { describe, expect, it } from '@jest/globals';
import { type Json, isSameJson } from '../../../src/domain/json.ts';

describe('isSameJson', () => {
  it.each<[Json, Json]>([
    [null, null],
    ['a', 'a'],
    [1, 1],
    [
      { a: 1, b: [true, null] },
      { b: [true, null], a: 1 },
    ],
    [[], []],
    [{ a: {} }, { a: {} }],
  ])('takes %j and %j for the same', (a, b) => {
    expect(isSameJson(a, b)).toBe(true);
  });

  it.each<[Json | undefined, Json | undefined]>([
    [null, undefined],
    [null, {}],
    [[], {}],
    ['1', 1],
    [0, false],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    [['x'], { 0: 'x' }],
  ])('tells %j from %j', (a, b) => {
    expect(isSameJson(a, b)).toBe(false);
    expect(isSameJson(b, a)).toBe(false);
  });
});
