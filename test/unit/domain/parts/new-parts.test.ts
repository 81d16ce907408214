import { describe, expect, it } from '@jest/globals';
import { newParts } from '../../../../src/domain/parts/new-parts.ts';
import { aSpec } from '../../../support/parts.ts';

describe('newParts', () => {
  it('lets those begin that wait for none, and knows the others by their ids (rule J1)', () => {
    expect(newParts([aSpec('b', ['a']), aSpec('a')], (no) => `id-${String(no)}`)).toEqual([
      {
        ...{ id: 'id-0', key: 'b', no: 0, status: 'waiting', after: ['id-1'] },
        ...{ isReleased: false, isSkipped: false, finishedAt: null },
      },
      {
        ...{ id: 'id-1', key: 'a', no: 1, status: 'routing', after: [] },
        ...{ isReleased: true, isSkipped: false, finishedAt: null },
      },
    ]);
  });

  it('leaves out what no part is called', () => {
    expect(newParts([aSpec('a', ['x'])], String)).toMatchObject([{ after: [], status: 'waiting' }]);
  });
});
