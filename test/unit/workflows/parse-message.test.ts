import { describe, expect, it } from '@jest/globals';
import { type Shape, actorOf, problemsOf } from '../../../workflows/parse-message.ts';

const SHAPE: Shape = { id: 'text', by: 'by', notes: 'text?', force: 'flag?', result: 'json?', type: 'type?' };
const LONE_SURROGATE = '\ud800';
const aMessage = (fields: Readonly<Record<string, unknown>> = {}): unknown => ({ id: 'd', by: 'ana', ...fields });
const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('problemsOf', () => {
  it.each([
    ['the least', {}],
    ['null where something may be absent', { notes: null, force: null, type: null }],
    ['an empty text where it may be absent', { notes: '' }],
    ['every kind of JSON', { result: { a: [1, 'two', true, null, {}], b: 0.5 } }],
    ['null as a result', { result: null }],
    ['a whole emoji', { notes: '🐇', result: '🐇' }],
    ['text that looks like an escaped NUL', { result: '\\u0000 \\ud800' }],
    ['a role and a subtree', { by: { name: 'bo', role: 'worker', subtree: 'agents' } }],
    ['the longest text', { notes: 'x'.repeat(10_000) }],
    ['the largest result', { result: 'x'.repeat(65_534) }],
    ['the deepest result', { result: nested(65) }],
    ['a named type', { type: 'reassign' }],
  ])('finds none in a message with %s', (_what, fields) => {
    expect(problemsOf(aMessage(fields), SHAPE)).toEqual([]);
  });

  it.each([
    [{ id: undefined }, 'id: is missing'],
    [{ id: null }, 'id: is missing'],
    [{ id: '' }, 'id: must not be empty'],
    [{ id: ' \n' }, 'id: must not be empty'],
    [{ id: 7 }, 'id: must be text'],
    [{ id: 'a\0' }, 'id: must not contain a NUL character or half of a surrogate pair'],
    [{ notes: LONE_SURROGATE }, 'notes: must not contain a NUL character or half of a surrogate pair'],
    [{ notes: 'x'.repeat(10_001) }, 'notes: must have at most 10000 characters'],
    [{ force: 'yes' }, 'force: must be true or false'],
    [{ force: 1 }, 'force: must be true or false'],
    [{ type: 'escalate' }, 'type: must be route or reassign'],
    [{ result: 'x'.repeat(65_535) }, 'result: must be at most 65536 bytes of JSON'],
    [{ result: 'ü'.repeat(32_768) }, 'result: must be at most 65536 bytes of JSON'],
    [{ result: { deep: ['a\0b'] } }, 'result: must not contain a NUL character or half of a surrogate pair'],
    [{ result: { 'a\0b': 1 } }, 'result: must not contain a NUL character or half of a surrogate pair'],
    [{ result: [LONE_SURROGATE] }, 'result: must not contain a NUL character or half of a surrogate pair'],
    [{ result: `\\\\${LONE_SURROGATE}` }, 'result: must not contain a NUL character or half of a surrogate pair'],
    [{ result: nested(66) }, 'result: must be at most 64 levels deep'],
    [{ result: nested(100_000) }, 'result: must be at most 64 levels deep'],
    [{ by: '' }, 'by: must not be empty'],
    [{ by: {} }, 'by: must be text'],
    [{ by: ['ana'] }, 'by: 0 is not known'],
    [{ by: { name: 'x'.repeat(10_001) } }, 'by: must have at most 10000 characters'],
    [{ by: { name: 'ana', role: 'king' } }, 'by: role must be one of admin, operator, worker, system'],
    [{ by: { name: 'ana', role: null } }, 'by: role must be one of admin, operator, worker, system'],
    [{ by: { name: 'ana', subtree: {} } }, 'by: subtree must be text'],
    [{ by: { name: 'ana', age: 7 } }, 'by: age is not known'],
    [{ hurry: true }, 'hurry: is not known'],
  ])('finds what is wrong, case %#: %s', (fields, problem) => {
    expect(problemsOf(aMessage(fields), SHAPE)).toEqual([problem]);
  });

  it.each([[null], [undefined], ['text'], [7], [[]], [true]])('wants an object, not %j', (message) => {
    expect(problemsOf(message, SHAPE)).toEqual(['must be an object']);
  });

  it('lists everything at once', () => {
    expect(problemsOf({ notes: 7, force: 'no', more: 1 }, SHAPE)).toEqual([
      'more: is not known',
      'id: is missing',
      'by: is missing',
      'notes: must be text',
      'force: must be true or false',
    ]);
  });
});

describe('actorOf', () => {
  it.each([
    ['ana', { name: 'ana', role: 'operator', subtree: null }],
    [{ name: 'ana' }, { name: 'ana', role: 'operator', subtree: null }],
    [
      { name: 'bo', role: 'worker' },
      { name: 'bo', role: 'worker', subtree: null },
    ],
    [
      { name: 'cy', role: 'admin', subtree: 'agents' },
      { name: 'cy', role: 'admin', subtree: 'agents' },
    ],
  ])('takes %j as who commands', (by, actor) => {
    expect(actorOf(by)).toEqual(actor);
  });
});

describe('problemsOf a message with parts (rule J4)', () => {
  const of = (fields: object) => problemsOf({ parts: ['one'], ...fields }, { parts: 'parts', join: 'join?' });

  it.each<[object, string[]]>([
    [{ join: 'best_effort' }, []],
    [{ join: null }, []],
    [{ parts: undefined }, ['parts: is missing']],
    [{ parts: 'one' }, ['parts: parts must be a list']],
    [{ parts: [7, ''] }, ['parts: parts[0] must be a title or an object; parts[1].title must not be empty']],
    [{ parts: Array.from({ length: 501 }, String) }, ['parts: parts must have at most 500 parts, not 501']],
    [{ join: 'most' }, ['join: must be one of all, any, best_effort']],
  ])('%j', (fields, problems) => {
    expect(of(fields)).toEqual(problems);
  });
});
