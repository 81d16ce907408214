import { describe, expect, it } from '@jest/globals';
import { jsonProblem, textProblem } from '../../../src/domain/plain-problems.ts';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('textProblem', () => {
  it.each<[unknown, boolean, string | null]>([
    ['ok', true, null],
    ['🐇', true, null],
    ['', false, null],
    [' ', true, 'must not be empty'],
    [7, false, 'must be text'],
    ['123456', true, 'must have at most 5 characters'],
    ['\ud800', false, 'must not contain a NUL character or half of a surrogate pair'],
  ])('of %j, needed: %s, is %j', (value, isNeeded, problem) => {
    expect(textProblem(value, isNeeded, 5)).toBe(problem);
  });
});

describe('jsonProblem', () => {
  it.each<[string, unknown, string | null]>([
    ['an object', { a: [1, null, '\\u0000'] }, null],
    ['the deepest list', nested(65), null],
    ['a deeper one', nested(66), 'must be at most 64 levels deep'],
    ['the largest text', 'x'.repeat(65_534), null],
    ['a larger one', 'x'.repeat(65_535), 'must be at most 65536 bytes of JSON'],
    ['a NUL', ['\0'], 'must not contain a NUL character or half of a surrogate pair'],
    ['half a pair', { '\udc00': 1 }, 'must not contain a NUL character or half of a surrogate pair'],
  ])('of %s is as rule D7 says', (_what, value, problem) => {
    expect(jsonProblem(value)).toBe(problem);
  });
});
