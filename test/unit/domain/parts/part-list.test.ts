import { describe, expect, it } from '@jest/globals';
import { problemsOfList } from '../../../../src/domain/parts/part-list.ts';
import { aSpec } from '../../../support/parts.ts';

const told = (...parts: ReturnType<typeof aSpec>[]) =>
  problemsOfList(parts).map(({ path, message }) => `${path} ${message}`);
const many = (count: number) => Array.from({ length: count }, (_, no) => aSpec(String(no)));

describe('problemsOfList', () => {
  it('has none with 1 to 500 parts, whatever their order (rule J4)', () => {
    expect(told(aSpec('a'))).toEqual([]);
    expect(told(...many(500))).toEqual([]);
    expect(told(aSpec('a', ['b', 'c']), aSpec('b', ['c']), aSpec('c'))).toEqual([]);
  });

  it('refuses nothing at all, and more than 500 (rule J4)', () => {
    expect(told()).toEqual(['parts must have at least one part']);
    expect(told(...many(501))).toEqual(['parts must have at most 500 parts, not 501']);
  });

  it('names every key that occurs again, and where it was first (rule J4)', () => {
    expect(told(aSpec('a'), aSpec('b'), aSpec('a'), aSpec('a'))).toEqual([
      'parts[2].key is that of parts[0], too',
      'parts[3].key is that of parts[0], too',
    ]);
  });

  it('names what is waited for but not there, and a part that waits for itself (rule J4)', () => {
    expect(told(aSpec('a', ['x', 'y']), aSpec('b', ['b']))).toEqual([
      'parts[0].after there is no part "x"',
      'parts[0].after there is no part "y"',
      'parts[1].after names the part itself',
    ]);
  });

  it('shows a circle, without what only leads into it (rule J4)', () => {
    expect(
      told(aSpec('in', ['a']), aSpec('free'), aSpec('a', ['free', 'b']), aSpec('b', ['c']), aSpec('c', ['a'])),
    ).toEqual(['parts wait for each other in a circle: "a" after "b" after "c" after "a"']);
  });

  it('is quick with the longest way that 500 parts can wait', () => {
    const keys = many(500).map((part) => part.key);
    const parts = keys.map((key, no) => aSpec(key, keys.slice(no + 1).toReversed()));
    expect(told(...parts)).toEqual([]);
  });
});
