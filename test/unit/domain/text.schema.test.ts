import { describe, expect, it } from '@jest/globals';
import { isStorable, text, words } from '../../../src/domain/text.schema.ts';
import { problemsOf } from './problems.ts';

const UNSTORABLE = 'must not contain a NUL character or half of a surrogate pair';

describe('text', () => {
  it.each(['', ' ', 'Grüße, 世界 👩🏽‍💻', 'line\nbreak\ttab', '\u0001'])('takes %j as it is', (value) => {
    expect(text(100).parse(value)).toBe(value);
  });

  it.each([
    ['a NUL character', 'a\0b'],
    ['the first half of a surrogate pair', 'a\ud83d'],
    ['the second half of a surrogate pair', '\udc69b'],
    ['the halves in the wrong order', '\udc69\ud83d'],
  ])('refuses %s, which PostgreSQL cannot store', (_what, value) => {
    expect(problemsOf(text(100), value)).toEqual([`: ${UNSTORABLE}`]);
  });

  it('takes as many characters as it may have, and no more', () => {
    expect(text(3).safeParse('abc').success).toBe(true);
    expect(problemsOf(text(3), 'abcd')).toEqual([': must have at most 3 characters']);
  });

  it('lists every problem', () => {
    expect(problemsOf(text(3), 'abc\0')).toHaveLength(2);
  });
});

describe('words', () => {
  it.each(['', ' ', '\n\t'])('refuses %j, because nobody can read it', (value) => {
    expect(problemsOf(words(10), value)).toEqual([': must not be empty']);
  });
});

describe('isStorable', () => {
  it('holds for whole characters only', () => {
    expect(['ok', '👩', '\0', '\ud83d'].map(isStorable)).toEqual([true, true, false, false]);
  });
});
