import { describe, expect, it } from '@jest/globals';
import { type PartEnd, collectResults } from '../../../../src/domain/parts/collect-results.ts';

const anEnd = (overrides: Partial<PartEnd> = {}): PartEnd => ({
  ...{ taskId: 'id', key: 'a', status: 'completed', result: null, reason: null },
  ...overrides,
});

describe('collectResults', () => {
  it('says of each part how it ended, and what with (rule J2)', () => {
    const ends = [
      anEnd({ key: 'done', result: { ü: [1] } }),
      anEnd({ key: 'empty' }),
      anEnd({ key: 'lost', status: 'failed', result: 'ignored', reason: 'no' }),
      anEnd({ key: 'quiet', status: 'cancelled' }),
    ];
    expect(collectResults(ends)).toEqual({
      parts: [
        { key: 'done', task_id: 'id', status: 'completed', result: { ü: [1] } },
        { key: 'empty', task_id: 'id', status: 'completed', result: null },
        { key: 'lost', task_id: 'id', status: 'failed', reason: 'no' },
        { key: 'quiet', task_id: 'id', status: 'cancelled' },
      ],
    });
  });

  it('leaves out what has no room, says so, and keeps what is small (rule J2)', () => {
    const ends = [
      anEnd({ result: 'x'.repeat(59_000) }),
      anEnd({ result: 'ü'.repeat(1_000) }),
      anEnd({ result: 'small' }),
    ];
    expect(collectResults(ends)).toEqual({
      parts: [
        expect.objectContaining({ result: expect.any(String) }),
        { key: 'a', task_id: 'id', status: 'completed', left_out: true },
        expect.objectContaining({ result: 'small' }),
      ],
    });
  });

  it('names parts by their ids alone where their keys leave no room (rule J2)', () => {
    const ends = Array.from({ length: 500 }, (_, no) => anEnd({ key: `${'請'.repeat(97)}${String(no)}` }));
    expect(collectResults(ends)['parts']).toEqual(
      Array.from({ length: 500 }, () => ({ task_id: 'id', status: 'completed', result: null })),
    );
  });
});
