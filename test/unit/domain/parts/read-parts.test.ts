import { describe, expect, it } from '@jest/globals';
import { readParts } from '../../../../src/domain/parts/read-parts.ts';
import { partsOfSubtasks } from '../../../../src/domain/parts/subtasks.ts';
import type { Json } from '../../../../src/domain/json.ts';
import { aSpec } from '../../../support/parts.ts';

function told(list: unknown): readonly string[] {
  const read = readParts(list);
  return 'parts' in read ? [] : read.problems.map(({ path, message }) => `${path} ${message}`);
}

describe('readParts', () => {
  it('takes a title for a part, and the number for a key that is missing (rule J4)', () => {
    expect(readParts(['one', { title: 'two', after: ['1', '1'] }])).toEqual({
      parts: [aSpec('1', [], { title: 'one' }), aSpec('2', ['1'], { title: 'two' })],
    });
  });

  it('takes every field of a part, and null for one that is left out', () => {
    const fields = {
      description: 'd',
      tags: ['t'],
      priority: 'low',
      estimatedDuration: 5,
      metadata: { a: 1 },
    } as const;
    expect(readParts([{ key: 'k', title: 'do k', after: [], ...fields }])).toEqual({ parts: [aSpec('k', [], fields)] });
    const nothing = { key: null, description: null, tags: null, priority: null, estimatedDuration: null };
    expect(readParts([{ title: 'do 1', metadata: null, after: null, ...nothing }])).toEqual({ parts: [aSpec('1')] });
  });

  it.each<[unknown, string]>([
    ['x', 'parts must be a list'],
    [null, 'parts must be a list'],
    [[], 'parts must have at least one part'],
    [Array.from({ length: 501 }, () => 7), 'parts must have at most 500 parts, not 501'],
    [[7], 'parts[0] must be a title or an object'],
    [[null], 'parts[0] must be a title or an object'],
    [[['x']], 'parts[0] must be a title or an object'],
    [[{}], 'parts[0].title is missing'],
    [['x', ' '], 'parts[1].title must not be empty'],
    [[{ title: 7 }], 'parts[0].title must be text'],
    [['x'.repeat(501)], 'parts[0].title must have at most 500 characters'],
    [['a\0'], 'parts[0].title must not contain a NUL character or half of a surrogate pair'],
    [[{ title: 'x', key: '' }], 'parts[0].key must not be empty'],
    [[{ title: 'x', key: 'x'.repeat(101) }], 'parts[0].key must have at most 100 characters'],
    [[{ title: 'x', description: 7 }], 'parts[0].description must be text'],
    [[{ title: 'x', tags: 'a' }], 'parts[0].tags must be a list of texts'],
    [[{ title: 'x', tags: ['a', 7] }], 'parts[0].tags must be text'],
    [[{ title: 'x', tags: Array.from({ length: 101 }, String) }], 'parts[0].tags must have at most 100 entries'],
    [[{ title: 'x', priority: 'now' }], 'parts[0].priority must be one of urgent, high, medium, low'],
    [[{ title: 'x', estimatedDuration: 1.5 }], 'parts[0].estimatedDuration must be a whole number of minutes'],
    [[{ title: 'x', estimatedDuration: -1 }], 'parts[0].estimatedDuration must be a whole number of minutes'],
    [[{ title: 'x', estimatedDuration: 1e9 }], 'parts[0].estimatedDuration must be a whole number of minutes'],
    [[{ title: 'x', metadata: [] }], 'parts[0].metadata must be an object'],
    [[{ title: 'x', metadata: 'x' }], 'parts[0].metadata must be an object'],
    [[{ title: 'x', metadata: { a: 'x'.repeat(70_000) } }], 'parts[0].metadata must be at most 65536 bytes of JSON'],
    [[{ title: 'x', after: [''] }], 'parts[0].after must not be empty'],
    [[{ title: 'x', after: ['2'] }], 'parts[0].after there is no part "2"'],
    [[{ title: 'x', age: 7 }], 'parts[0].age is not known'],
  ])('says what is wrong and where, case %#', (list, problem) => {
    expect(told(list)).toEqual([problem]);
  });
});

describe('partsOfSubtasks', () => {
  it.each<[Json | undefined]>([[undefined], [null], ['two'], [7], [{}], [[]]])(
    'finds none in %j (rule J5)',
    (subtasks) => {
      expect(partsOfSubtasks(subtasks)).toBeNull();
    },
  );

  it('reads them in the words of the API (rule J5)', () => {
    expect(partsOfSubtasks(['one', { title: 'two', estimated_duration: 5 }])).toEqual({
      parts: [aSpec('1', [], { title: 'one' }), aSpec('2', [], { title: 'two', estimatedDuration: 5 })],
    });
  });

  it('says what is wrong in the words of the API, too (rule J5)', () => {
    const list = [
      'one',
      { title: 'two', estimated_duration: 'long' },
      { title: 'x', estimatedDuration: 5 },
      null,
      ['x'],
    ];
    expect(partsOfSubtasks(list)).toEqual({
      problems: [
        { path: 'subtasks[1].estimated_duration', message: 'must be a whole number of minutes' },
        { path: 'subtasks[2].estimatedDuration', message: 'is not known' },
        { path: 'subtasks[3]', message: 'must be a title or an object' },
        { path: 'subtasks[4]', message: 'must be a title or an object' },
      ],
    });
  });
});
