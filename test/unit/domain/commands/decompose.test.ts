import { describe, expect, it } from '@jest/globals';
import { decompose } from '../../../../src/domain/commands/decompose.ts';
import { judge } from '../../../../src/domain/commands/judge.ts';
import { evolve } from '../../../../src/domain/change.ts';
import type { TaskCommand } from '../../../../src/domain/task-command.ts';
import type { TaskAggregate } from '../../../../src/domain/task-aggregate.ts';
import { type TaskStatus, TASK_STATUSES, isAtWork } from '../../../../src/domain/task.ts';
import { aQueuedTask, aWorkPolicy, anActor, anAggregate, anId } from '../../../support/builders.ts';
import { aSpec } from '../../../support/parts.ts';

const ana = anActor('ana');
const LAST = anId(0x11);
const LEASE = anId(0x70);
const PARTS = [aSpec('a'), aSpec('b', ['a'])];

type Decompose = Extract<TaskCommand, { kind: 'decompose' }>;
const split = (aggregate: TaskAggregate, fields: Partial<Decompose> = {}) =>
  decompose(aggregate, ana, { kind: 'decompose', parts: PARTS, join: 'all', ...fields });
const withLease = (): TaskAggregate => ({
  ...aQueuedTask({ status: 'in_progress' }),
  lease: { id: LEASE, workerId: 'w', attempt: 1, expiresAt: null, timeoutSeconds: 60 },
});

describe('decompose', () => {
  it('lets the task wait for its parts, with their keys and the join in its event (rule J1)', () => {
    expect(split(aQueuedTask(), { delegationId: LAST, join: 'any' })).toEqual({
      kind: 'change',
      change: {
        ...{ type: 'task_decomposed', actor: ana, moves: [], opened: null, parts: PARTS },
        ...{ task: { status: 'waiting', join: 'any' }, detail: { join: 'any', parts: ['a', 'b'] } },
      },
    });
  });

  it('is one of the commands that are judged (rule J1)', () => {
    const command = { kind: 'decompose', delegationId: LAST, parts: PARTS, join: 'all' } as const;
    expect(judge(aQueuedTask(), ana, command, null, aWorkPolicy())).toMatchObject({
      change: { type: 'task_decomposed' },
    });
  });

  it('ends the lease of the worker who splits its task (rule J1)', () => {
    expect(split(withLease(), { leaseId: LEASE })).toMatchObject({ change: { leaseOutcome: 'decomposed' } });
  });

  it('is refused while a worker has the task, unless it is forced, on record (rules J1 and W6)', () => {
    expect(split(withLease(), { delegationId: LAST })).toMatchObject({ kind: 'conflict', code: 'lease_conflict' });
    const forced = split(withLease(), { delegationId: LAST, force: true });
    expect(forced).toMatchObject({ change: { detail: { forced: true } } });
    expect(forced).not.toHaveProperty('change.leaseOutcome');
  });

  it('is refused with the lease of somebody else (rules J1 and W6)', () => {
    expect(split(withLease(), { leaseId: anId(0x71) })).toMatchObject({ kind: 'conflict' });
  });

  it.each(TASK_STATUSES.filter((status) => !isAtWork(status)))(
    'is refused for a task that is %s, which it names (rule J1)',
    (status: TaskStatus) => {
      expect(split(anAggregate({ status }))).toMatchObject({
        code: 'task_conflict',
        detail: expect.stringContaining(status),
      });
    },
  );

  it('is refused for a part at depth 5: parts are nested no deeper (rule J4)', () => {
    const at = (partDepth: number) => split(aQueuedTask({ partDepth }), { delegationId: LAST });
    expect(at(4).kind).toBe('change');
    expect(at(5)).toMatchObject({ kind: 'conflict', detail: expect.stringContaining('it is a part at depth 5') });
  });

  it('makes the parts that evolve shows (rule J1)', () => {
    const verdict = split(aQueuedTask(), { delegationId: LAST });
    if (verdict.kind !== 'change') throw new Error('it was refused');
    const after = evolve(aQueuedTask(), verdict.change, LAST, (no) => `p${String(no)}`);
    expect(after.task).toMatchObject({ status: 'waiting', join: 'all' });
    expect(after.parts.map(({ id, status, isReleased }) => [id, status, isReleased])).toEqual([
      ['p0', 'routing', true],
      ['p1', 'waiting', false],
    ]);
    expect(evolve(aQueuedTask(), verdict.change, LAST).parts.map(({ id }) => id)).toEqual(['0', '1']);
  });
});
