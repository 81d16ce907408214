import { describe, expect, it } from '@jest/globals';
import { assertNever } from '../../../src/domain/assert-never.ts';
import { DomainError, ERROR_CODES, IS_FINAL } from '../../../src/domain/errors.ts';

describe('DomainError', () => {
  it('carries its code, its words, every problem and what caused it', () => {
    const cause = new Error('below');
    const problems = [{ path: 'title', message: 'must not be empty' }];
    const error = new DomainError('invalid_input', 'the body is wrong', { problems, cause });
    expect(error).toMatchObject({
      name: 'DomainError',
      code: 'invalid_input',
      message: 'the body is wrong',
      problems,
      cause,
    });
  });
});

describe('IS_FINAL', () => {
  it('lets only what may pass be tried again', () => {
    expect(ERROR_CODES.filter((code) => !IS_FINAL[code])).toEqual([
      'policy_unreadable',
      'stale_view',
      'database_unavailable',
      'temporal_unavailable',
      'too_many_commands',
    ]);
  });
});

describe('assertNever', () => {
  it('names the value that nobody handles', () => {
    expect(() => assertNever('sideways' as never)).toThrow(new TypeError('unexpected value: "sideways"'));
  });
});
