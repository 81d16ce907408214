import { describe, expect, it } from '@jest/globals';
import { retriedFrom } from '../../../src/domain/retry.ts';
import { NOW, aTask, secondsLater } from '../../support/builders.ts';

describe('retriedFrom', () => {
  it('takes over what was wanted, and nothing of what came of it (rule T7)', () => {
    const wanted = { title: 'again', tags: ['x'], priority: 'low', externalRef: 'JIRA-1', requester: 'ana' } as const;
    const copy = retriedFrom(aTask({ ...wanted, status: 'completed', result: 'done', totalAttempts: 3 }), NOW);
    expect(copy).toMatchObject(wanted);
    for (const key of ['result', 'status', 'totalAttempts', 'exclusions', 'id']) expect(copy).not.toHaveProperty(key);
  });

  it.each([
    [-1, null],
    [0, null],
    [1, secondsLater(1)],
  ])('takes times over only if they are still to come: %i s from now (rule T7)', (seconds, kept) => {
    const time = secondsLater(seconds);
    expect(retriedFrom(aTask({ dueAt: time, notBefore: time }), NOW)).toMatchObject({ dueAt: kept, notBefore: kept });
    expect(retriedFrom(aTask(), NOW)).toMatchObject({ dueAt: null, notBefore: null });
  });
});
