import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../../src/domain/commands/decide-offer.ts';
import { judge } from '../../../../src/domain/commands/judge.ts';
import { reassign } from '../../../../src/domain/commands/move-task.ts';
import type { TaskCommand } from '../../../../src/domain/task-command.ts';
import { anActor, anId, anOfferedTask, aQueuedTask, aTarget, aWorkPolicy } from '../../../support/builders.ts';

const ana = anActor('ana');
const [OFFER, LAST, NOWHERE] = [anId(0x10), anId(0x11), anId(0xdead)];

describe('judge', () => {
  it.each<[TaskCommand['kind'], TaskCommand, string]>([
    ['accept', { kind: 'accept', delegationId: OFFER }, 'delegation_accepted'],
    ['reject', { kind: 'reject', delegationId: OFFER, reason: 'no' }, 'delegation_rejected'],
    ['cancel', { kind: 'cancel' }, 'task_cancelled'],
    ['reroute', { kind: 'reroute' }, 'task_rerouted'],
    [
      'reassign',
      { kind: 'reassign', targetInstanceId: aTarget().id, delegationType: 'reassign', notes: 'they know it' },
      'task_reassigned',
    ],
  ])('asks the rules of %s about an offered task', (_kind, command, type) => {
    expect(judge(anOfferedTask(), ana, command, aTarget(), aWorkPolicy())).toMatchObject({ change: { type } });
  });

  it.each<[TaskCommand['kind'], TaskCommand, string]>([
    ['complete', { kind: 'complete', delegationId: LAST }, 'task_completed'],
    ['fail', { kind: 'fail', delegationId: LAST, reason: 'no' }, 'task_failed'],
    ['escalate', { kind: 'escalate', reason: 'too hard' }, 'task_escalated'],
  ])('asks the rules of %s about a queued task', (_kind, command, type) => {
    expect(judge(aQueuedTask(), ana, command, null, aWorkPolicy())).toMatchObject({ change: { type } });
  });

  it('asks the rules of expire and leave', () => {
    const expire = { kind: 'expire', delegationId: NOWHERE } as const;
    expect(judge(aQueuedTask(), ana, expire, null, aWorkPolicy())).toEqual({ kind: 'done' });
    const leave = { kind: 'leave', instanceId: NOWHERE, reason: 'stops' } as const;
    expect(judge(aQueuedTask(), ana, leave, null, aWorkPolicy())).toMatchObject({ code: 'instance_not_found' });
  });
});

describe('notes', () => {
  it('of a repeated acceptance are compared if there are any (rule D6)', () => {
    const accepted = anOfferedTask({ status: 'accepted', decidedBy: 'ana', notes: 'mine' });
    const again = (notes?: string) =>
      accept(accepted, ana, { kind: 'accept', delegationId: OFFER, ...(notes !== undefined && { notes }) }, null).kind;
    expect([again(), again('mine'), again('yours')]).toEqual(['done', 'done', 'conflict']);
  });

  it('of a reassignment go with it', () => {
    const named = { kind: 'reassign', targetInstanceId: aTarget().id, delegationType: 'reassign' } as const;
    const notesOf = (notes: string | null) => reassign(anOfferedTask(), ana, { ...named, notes }, aTarget());
    expect(notesOf('x')).toMatchObject({ change: { opened: { notes: 'x' } } });
    expect(reassign(anOfferedTask(), ana, named, aTarget())).toMatchObject({ change: { opened: { notes: null } } });
  });
});
