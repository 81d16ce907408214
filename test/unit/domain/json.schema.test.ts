import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/domain/json.ts';
import { JsonObjectSchema, JsonSchema, isTooLarge } from '../../../src/domain/json.schema.ts';
import { problemsOf } from './problems.ts';

/** JSON of so many levels, with a word in the innermost. */
function nested(levels: number): Json {
  let value: Json = 'deep';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

/** A string whose JSON text has so many bytes. */
const ofBytes = (bytes: number): string => 'x'.repeat(bytes - 2);

describe('JsonSchema', () => {
  it.each<[Json]>([[null], [true], [0], [-1.5], [''], ['世界'], [[]], [{}], [[1, ['a', { b: null }]]]])(
    'takes %j as it is',
    (value) => {
      expect(JsonSchema.parse(value)).toEqual(value);
    },
  );

  it.each([
    ['a NUL character in a value', { a: ['x\0'] }, 'NUL character'],
    ['a NUL character in a key', { a: { 'x\0': 1 } }, 'NUL character in a key'],
    ['half of a surrogate pair in a value', ['\ud83d'], 'half of a surrogate pair'],
    ['half of a surrogate pair in a key', { '\udc69': 1 }, 'in a key'],
    ['a number that is out of range', { a: Number.POSITIVE_INFINITY }, 'number out of range'],
    ['no number', [NaN], 'number out of range'],
    ['undefined', { a: undefined }, 'not undefined'],
    ['a bigint', [1n], 'not bigint'],
    ['a function', { a: () => 1 }, 'not function'],
  ])('refuses %s', (_what, value, words) => {
    expect(problemsOf(JsonSchema, value)).toEqual([expect.stringContaining(words)]);
  });

  it('takes 64 levels, and no more', () => {
    expect(JsonSchema.safeParse(nested(64)).success).toBe(true);
    expect(problemsOf(JsonSchema, nested(65))).toEqual([': must be at most 64 levels deep']);
  });

  it('refuses JSON that is deeper than any stack, without falling over', () => {
    expect(problemsOf(JsonSchema, nested(200_000))).toEqual([': must be at most 64 levels deep']);
  });
});

describe('JsonObjectSchema', () => {
  it.each([[[]], ['a'], [1], [null]])('refuses %j, which is no object', (value) => {
    expect(problemsOf(JsonObjectSchema, value)).toHaveLength(1);
  });

  it('takes 64 KB of JSON text, and no more', () => {
    const frame = JSON.stringify({ a: '' }).length - 2;
    expect(JsonObjectSchema.safeParse({ a: ofBytes(65_536 - frame) }).success).toBe(true);
    expect(problemsOf(JsonObjectSchema, { a: ofBytes(65_537 - frame) })).toEqual([
      ': must be at most 65536 bytes of JSON',
    ]);
  });

  it('refuses an object that is deeper than any stack, without falling over', () => {
    expect(problemsOf(JsonObjectSchema, { a: nested(200_000) })).toEqual([': must be at most 64 levels deep']);
  });
});

describe('isTooLarge', () => {
  it.each([
    [ofBytes(65_536), false],
    [ofBytes(65_537), true],
  ])('draws the line at 64 KB of JSON text (rule D7)', (value, expected) => {
    expect(isTooLarge(value)).toBe(expected);
  });

  it('counts bytes, not characters', () => {
    expect(isTooLarge('世'.repeat(21_844))).toBe(false);
    expect(isTooLarge('世'.repeat(21_846))).toBe(true);
  });
});
