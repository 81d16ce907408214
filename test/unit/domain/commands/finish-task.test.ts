import { describe, expect, it } from '@jest/globals';
import { abandoned } from '../../../../src/domain/commands/ends.ts';
import { cancel, complete, fail } from '../../../../src/domain/commands/finish-task.ts';
import { TASK_STATUSES, type TaskStatus, isAtWork, isFinal } from '../../../../src/domain/task.ts';
import {
  ORCHESTRATION_ID,
  PROJECT_ID,
  aDelegation,
  aQueuedTask,
  aWorkPolicy,
  anActor,
  anAggregate,
  anId,
  anOfferedTask,
} from '../../../support/builders.ts';

const ana = anActor('ana');
const bob = anActor('bob');
const [FIRST, LAST] = [anId(0x10), anId(0x11)];
const OPEN_NOT_AT_WORK: readonly TaskStatus[] = TASK_STATUSES.filter((each) => !isFinal(each) && !isAtWork(each));

/** The task of `aQueuedTask` after ana completed it. */
function aCompletedTask() {
  const { delegations, ...rest } = aQueuedTask({ status: 'completed', finishedBy: 'ana', result: { lines: [1, 2] } });
  return { ...rest, delegations: delegations.map((each) => ({ ...each, status: 'completed' as const })) };
}

describe('complete', () => {
  const command = { kind: 'complete', delegationId: LAST, result: { lines: [1, 2] } } as const;

  it('closes the live path from leaf to root; the result stays at the leaf and the task (rules B5 and D6)', () => {
    expect(complete(aQueuedTask(), ana, command)).toEqual({
      kind: 'change',
      change: {
        type: 'task_completed',
        actor: ana,
        task: { status: 'completed', result: { lines: [1, 2] }, finishedBy: 'ana' },
        moves: [
          { id: LAST, to: 'completed', result: { lines: [1, 2] } },
          { id: FIRST, to: 'completed' },
        ],
        opened: null,
        detail: {},
      },
    });
  });

  it('leaves hops alone that the task has left (rule B5)', () => {
    const { task, now, delegations } = aQueuedTask();
    const left = aDelegation({ hop: 2, status: 'cancelled', acceptedAt: now });
    const verdict = complete({ task, now, lease: null, parts: [], delegations: [...delegations, left] }, ana, command);
    expect(verdict).toMatchObject({ change: { moves: [{ id: LAST }, { id: FIRST }] } });
  });

  it('needs no delegation where the task never had one', () => {
    const atEntry = anAggregate({ status: 'queued' });
    expect(complete(atEntry, ana, { kind: 'complete' })).toMatchObject({
      change: { task: { result: null }, moves: [] },
    });
  });

  it.each([
    [undefined, 'task_conflict', `task is queued: name the holder's delegation, ${LAST}`],
    [
      FIRST,
      'delegation_conflict',
      `delegation is accepted, but the task was handed on: its holder has delegation ${LAST}`,
    ],
    [anId(0x99), 'delegation_not_found', `no delegation ${anId(0x99)} of this task`],
  ])('by delegation %s is refused: only the holder completes (rule D6)', (delegationId, code, detail) => {
    const named = delegationId === undefined ? {} : { delegationId };
    expect(complete(aQueuedTask(), ana, { kind: 'complete', ...named })).toEqual({ kind: 'conflict', code, detail });
  });

  it('of an offer that nobody accepted is refused', () => {
    const verdict = complete(anOfferedTask(), ana, { kind: 'complete', delegationId: FIRST });
    expect(verdict).toMatchObject({ code: 'delegation_conflict', detail: 'delegation is pending' });
  });

  it.each(OPEN_NOT_AT_WORK)('of a task that is %s is refused: nobody is at work on it', (status) => {
    const verdict = complete(aQueuedTask({ status }), ana, command);
    expect(verdict).toMatchObject({ code: 'task_conflict', detail: `task is ${status}: nobody is at work on it` });
  });

  it('of a held task is refused', () => {
    const held = anAggregate({ status: 'blocked', blockedOn: 'held' });
    expect(complete(held, ana, { kind: 'complete' })).toMatchObject({
      detail: 'task is blocked (held): nobody is at work on it',
    });
  });

  it('by the same actor with the same result again is done already, whatever the order of keys (rule T3)', () => {
    expect(complete(aCompletedTask(), ana, command)).toEqual({ kind: 'done' });
    expect(complete(aCompletedTask(), ana, { kind: 'complete', result: command.result })).toEqual({ kind: 'done' });
  });

  it.each([
    ['by another actor', bob, command],
    ['with another result', ana, { ...command, result: { lines: [2, 1] } }],
    ['without the result', ana, { kind: 'complete', delegationId: LAST } as const],
    ['by a delegation that was never completed', ana, { ...command, delegationId: anId(0x99) }],
  ])('again %s is a conflict that names the state and who did it (rule T3)', (_what, actor, again) => {
    const verdict = complete(aCompletedTask(), actor, again);
    expect(verdict).toEqual({ kind: 'conflict', code: 'task_conflict', detail: 'task is completed, by ana' });
  });

  it.each(['failed', 'rejected', 'cancelled'] as const)('of a task that is %s is a conflict (rule T3)', (status) => {
    const verdict = complete(aQueuedTask({ status, finishedBy: 'bob' }), ana, command);
    expect(verdict).toMatchObject({ code: 'task_conflict', detail: `task is ${status}, by bob` });
  });
});

describe('fail', () => {
  const command = { kind: 'fail', delegationId: LAST, reason: 'the file is empty' } as const;

  it('leaves the path and bubbles nothing (rule B5)', () => {
    expect(fail(aQueuedTask(), ana, command, aWorkPolicy())).toMatchObject({
      change: {
        type: 'task_failed',
        task: { status: 'failed', failure: { code: 'failed', reason: 'the file is empty' }, finishedBy: 'ana' },
        moves: [
          { id: LAST, to: 'cancelled' },
          { id: FIRST, to: 'cancelled' },
        ],
      },
    });
  });

  it('is the move of the holder only', () => {
    expect(fail(aQueuedTask(), ana, { ...command, delegationId: FIRST }, aWorkPolicy())).toMatchObject({
      kind: 'conflict',
    });
    expect(fail(anOfferedTask(), ana, { kind: 'fail', reason: 'no' }, aWorkPolicy())).toMatchObject({
      code: 'task_conflict',
    });
  });

  it('by the same actor with the same reason again is done already, else a conflict (rule T3)', () => {
    const failure = { code: 'failed', reason: 'the file is empty' };
    const failed = anAggregate({ status: 'failed', failure, finishedBy: 'ana' });
    expect(fail(failed, ana, command, aWorkPolicy())).toEqual({ kind: 'done' });
    expect(fail(failed, bob, command, aWorkPolicy())).toMatchObject({ detail: 'task is failed, by ana' });
    expect(fail(failed, ana, { ...command, reason: 'other' }, aWorkPolicy())).toMatchObject({
      detail: 'task is failed, by ana',
    });
  });
});

describe('cancel', () => {
  it.each(TASK_STATUSES.filter((status) => !isFinal(status)))('ends a task that is %s (rule T3)', (status) => {
    expect(cancel(aQueuedTask({ status }), ana, { kind: 'cancel', reason: 'no longer needed' })).toMatchObject({
      change: {
        type: 'task_cancelled',
        task: { status: 'cancelled', failure: { code: 'cancelled', reason: 'no longer needed' }, finishedBy: 'ana' },
        moves: [{ id: LAST }, { id: FIRST }],
      },
    });
  });

  it('withdraws the open offer and remembers who did it', () => {
    expect(cancel(anOfferedTask(), ana, { kind: 'cancel' })).toMatchObject({
      change: { task: { failure: { reason: 'cancelled' } }, moves: [{ id: FIRST, to: 'cancelled', decidedBy: 'ana' }] },
    });
  });

  const cancelled = anAggregate({
    status: 'cancelled',
    failure: { code: 'cancelled', reason: 'no longer needed' },
    finishedBy: 'ana',
  });

  it('by the same actor with the same reason again is done already (rule T3)', () => {
    expect(cancel(cancelled, ana, { kind: 'cancel', reason: 'no longer needed' })).toEqual({ kind: 'done' });
  });

  it.each([
    ['by another actor', bob, 'no longer needed'],
    ['for another reason', ana, 'a duplicate'],
  ])('again %s is a conflict (rule T3)', (_what, actor, reason) => {
    const verdict = cancel(cancelled, actor, { kind: 'cancel', reason });
    expect(verdict).toEqual({ kind: 'conflict', code: 'task_conflict', detail: 'task is cancelled, by ana' });
  });

  it('loses against a completion that was first (rule T3)', () => {
    expect(cancel(aCompletedTask(), ana, { kind: 'cancel' })).toMatchObject({ detail: 'task is completed, by ana' });
  });
});

describe('abandoned', () => {
  it('cancels an offer that was made below a path, then the path', () => {
    const { task, now, delegations } = aQueuedTask();
    const offer = aDelegation({ hop: 2, sourceInstanceId: PROJECT_ID, targetInstanceId: ORCHESTRATION_ID });
    const failure = { code: 'unroutable', reason: 'nobody' };
    const change = abandoned(
      { task, now, lease: null, parts: [], delegations: [...delegations, offer] },
      ana,
      'rejected',
      failure,
    );
    expect(change).toMatchObject({ type: 'task_rejected', detail: { reason: 'nobody' } });
    expect(change.moves.map((each) => each.id)).toEqual([offer.id, LAST, FIRST]);
  });
});
