import { describe, expect, it } from '@jest/globals';
import { joined } from '../../../../src/domain/parts/join.ts';
import type { Join } from '../../../../src/domain/parts/part.ts';
import type { TaskStatus } from '../../../../src/domain/task.ts';
import { aPart } from '../../../support/parts.ts';

const judge = (join: Join, ...statuses: TaskStatus[]) =>
  joined(
    join,
    statuses.map((status, no) => aPart(no, { status })),
  );

describe('joined', () => {
  it.each<[Join, TaskStatus[], string]>([
    ['all', ['completed', 'queued'], 'open'],
    ['all', ['completed', 'completed'], 'all of 2 parts completed'],
    ['all', ['completed'], 'all of 1 part completed'],
    ['all', ['queued', 'failed'], 'part "1" failed'],
    ['all', ['queued', 'cancelled', 'rejected'], 'part "1" cancelled'],
    ['any', ['failed', 'waiting'], 'open'],
    ['any', ['routing', 'completed'], 'part "1" was the first to complete'],
    ['any', ['failed', 'cancelled'], 'none of 2 parts completed'],
    ['best_effort', ['completed', 'failed', 'in_progress'], 'open'],
    ['best_effort', ['completed', 'failed', 'rejected'], '1 of 3 parts completed'],
    ['best_effort', ['failed'], 'none of 1 part completed'],
  ])('%s says of parts that are %j: %s (rule J2)', (join, statuses, expected) => {
    const verdict = judge(join, ...statuses);
    expect(verdict.kind === 'open' ? 'open' : verdict.reason).toBe(expected);
  });

  it.each<[Join, TaskStatus, 'completed' | 'failed']>([
    ['all', 'completed', 'completed'],
    ['all', 'failed', 'failed'],
    ['all', 'rejected', 'failed'],
    ['all', 'cancelled', 'failed'],
    ['any', 'completed', 'completed'],
    ['any', 'failed', 'failed'],
    ['best_effort', 'completed', 'completed'],
    ['best_effort', 'failed', 'failed'],
  ])('%s of a single part that is %s ends the task as %s (rule J2)', (join, status, kind) => {
    expect(judge(join, status).kind).toBe(kind);
  });

  it('names the part that was the first in time, and of two at once the one with the smaller number (rule J2)', () => {
    const at = new Date(5);
    const late = aPart(0, { status: 'failed', finishedAt: new Date(9) });
    const one = aPart(1, { status: 'failed', finishedAt: at });
    const two = aPart(2, { status: 'failed', finishedAt: at });
    expect(joined('all', [late, two, one])).toEqual({ kind: 'failed', reason: 'part "1" failed' });
    const unknown = aPart(3, { status: 'completed', finishedAt: null });
    expect(joined('any', [aPart(4, { status: 'completed' }), unknown])).toMatchObject({
      reason: 'part "3" was the first to complete',
    });
  });

  it('blames no part that was skipped because of another (rule J2)', () => {
    const failed = aPart(2, { status: 'failed' });
    const skipped = aPart(1, { status: 'cancelled', isSkipped: true });
    expect(joined('all', [skipped, failed])).toEqual({ kind: 'failed', reason: 'part "2" failed' });
  });
});
