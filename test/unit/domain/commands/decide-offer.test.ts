import { describe, expect, it } from '@jest/globals';
import { accept, expire, reject } from '../../../../src/domain/commands/decide-offer.ts';
import type { Verdict } from '../../../../src/domain/commands/verdict.ts';
import { DELEGATION_STATUSES } from '../../../../src/domain/delegation.ts';
import { HOPPER } from '../../../../src/domain/actor.ts';
import {
  NOW,
  PROJECT_ID,
  aDelegation,
  aTarget,
  anActor,
  anId,
  anOfferedTask,
  secondsLater,
} from '../../../support/builders.ts';

const ana = anActor('ana');
const bob = anActor('bob');
const OFFER = anId(0x10);
const NOWHERE = anId(0x999);
const running = aTarget({ id: PROJECT_ID, name: 'billing' });

const conflict = (detail: string): Verdict => ({ kind: 'conflict', code: 'delegation_conflict', detail });

describe('accept', () => {
  const command = { kind: 'accept', delegationId: OFFER } as const;

  it('takes the task to the target, where it routes on (rule D4)', () => {
    expect(accept(anOfferedTask(), ana, command, running)).toEqual({
      kind: 'change',
      change: {
        type: 'delegation_accepted',
        actor: ana,
        task: { status: 'routing', instanceId: PROJECT_ID },
        moves: [{ id: OFFER, to: 'accepted', decidedBy: 'ana', notes: null }],
        opened: null,
        detail: {},
      },
    });
  });

  it('keeps the notes of the offer unless it brings its own', () => {
    const offered = anOfferedTask({ notes: 'please hurry' });
    expect(accept(offered, ana, command, running)).toMatchObject({ change: { moves: [{ notes: 'please hurry' }] } });
    const answered = accept(offered, ana, { ...command, notes: 'on it' }, running);
    expect(answered).toMatchObject({ change: { moves: [{ notes: 'on it' }] } });
  });

  it.each(['created', 'starting', 'stopping', 'stopped', 'error', 'terminated'])(
    'is refused when the target is %s (rule D4)',
    (status) => {
      const verdict = accept(anOfferedTask(), ana, command, { ...running, status });
      expect(verdict).toEqual(conflict(`billing is ${status}: it takes no work`));
    },
  );

  it('is allowed when the target is paused', () => {
    expect(accept(anOfferedTask(), ana, command, { ...running, status: 'paused' }).kind).toBe('change');
  });

  it.each(['accepted', 'completed', 'cancelled'] as const)(
    'by the same actor again is done already, also when the hop is %s by now (rule D6)',
    (status) => {
      const later = anOfferedTask({ status, acceptedAt: NOW, decidedBy: 'ana', notes: 'mine' });
      expect(accept(later, ana, { ...command, notes: 'mine' }, running)).toEqual({ kind: 'done' });
    },
  );

  it.each([
    ['by another actor', bob, { ...command, notes: 'mine' }],
    ['with other notes', ana, { ...command, notes: 'changed my mind' }],
  ])('again %s is a conflict that names the state and who decided (rule D6)', (_what, actor, again) => {
    const accepted = anOfferedTask({ status: 'accepted', decidedBy: 'ana', notes: 'mine' });
    expect(accept(accepted, actor, again, running)).toEqual(conflict('delegation is accepted, by ana'));
  });

  it.each(['rejected', 'expired', 'cancelled'] as const)('of an offer that is %s is a conflict', (status) => {
    const decided = anOfferedTask({ status, decidedBy: 'ana' });
    expect(accept(decided, ana, command, running)).toEqual(conflict(`delegation is ${status}, by ana`));
  });

  it.each(['escalate', 'decompose'] as const)('of a hop of type %s, which was no offer, is a conflict', (type) => {
    const hop = { delegationType: type, status: 'completed', acceptedAt: NOW, decidedBy: 'ana' } as const;
    expect(accept(anOfferedTask(hop), ana, command, running)).toEqual(conflict('delegation is completed, by ana'));
  });

  it('of a delegation that the task does not have is refused as unknown', () => {
    expect(accept(anOfferedTask(), ana, { ...command, delegationId: NOWHERE }, null)).toEqual({
      kind: 'conflict',
      code: 'delegation_not_found',
      detail: `no delegation ${NOWHERE} of this task`,
    });
  });
});

describe('reject', () => {
  const command = { kind: 'reject', delegationId: OFFER, reason: 'not ours' } as const;
  const rejected = { status: 'rejected', decidedBy: 'ana', notes: 'not ours' } as const;

  it('leaves the task where it was, and excludes the target for good (rule R3)', () => {
    expect(reject(anOfferedTask(), ana, { ...command, code: 'scope' })).toEqual({
      kind: 'change',
      change: {
        type: 'delegation_rejected',
        actor: ana,
        task: { status: 'routing', exclusions: [{ instanceId: PROJECT_ID, why: 'refused' }] },
        moves: [
          {
            id: OFFER,
            to: 'rejected',
            decidedBy: 'ana',
            notes: 'not ours',
            rejectionCode: 'scope',
            retryable: false,
          },
        ],
        opened: null,
        detail: { reason: 'not ours' },
      },
    });
  });

  it('postpones the target where it may be asked again (rule R8)', () => {
    expect(reject(anOfferedTask(), ana, { ...command, retryable: true })).toMatchObject({
      change: {
        task: { exclusions: [{ instanceId: PROJECT_ID, why: 'postponed', at: NOW.toISOString() }] },
        moves: [{ retryable: true }],
      },
    });
  });

  it('forgets no earlier exclusion (rule R3)', () => {
    const { task, ...rest } = anOfferedTask();
    const before = { ...rest, task: { ...task, exclusions: [{ instanceId: anId(7), why: 'expired' as const }] } };
    expect(reject(before, ana, command)).toMatchObject({
      change: { task: { exclusions: [{ instanceId: anId(7) }, { instanceId: PROJECT_ID }] } },
    });
  });

  it('by the same actor with the same body again is done already (rule D6)', () => {
    expect(reject(anOfferedTask(rejected), ana, command)).toEqual({ kind: 'done' });
    const coded = anOfferedTask({ ...rejected, rejectionCode: 'scope', retryable: true });
    expect(reject(coded, ana, { ...command, code: 'scope', retryable: true })).toEqual({ kind: 'done' });
  });

  it.each([
    ['by another actor', bob, command],
    ['with another reason', ana, { ...command, reason: 'no time' }],
    ['with a code', ana, { ...command, code: 'scope' }],
    ['as retryable', ana, { ...command, retryable: true }],
  ])('again %s is a conflict: "delegation is rejected, by ana" (rule D6)', (_what, actor, again) => {
    expect(reject(anOfferedTask(rejected), actor, again)).toEqual(conflict('delegation is rejected, by ana'));
  });

  it.each(DELEGATION_STATUSES.filter((status) => status !== 'pending' && status !== 'rejected'))(
    'of a delegation that is %s is a conflict',
    (status) => {
      const decided = anOfferedTask({ status, decidedBy: 'bob' });
      expect(reject(decided, ana, command)).toEqual(conflict(`delegation is ${status}, by bob`));
    },
  );

  it('of a delegation that the task does not have is refused as unknown', () => {
    expect(reject(anOfferedTask(), ana, { ...command, delegationId: NOWHERE })).toMatchObject({
      code: 'delegation_not_found',
    });
  });
});

describe('expire', () => {
  const command = { kind: 'expire', delegationId: OFFER } as const;

  it.each([0, -1])('counts as a refusal from the moment on when the time is up, %i s (rule D5)', (seconds) => {
    expect(expire(anOfferedTask({ expiresAt: secondsLater(seconds) }), HOPPER, command)).toMatchObject({
      kind: 'change',
      change: {
        type: 'delegation_expired',
        task: { status: 'routing', exclusions: [{ instanceId: PROJECT_ID, why: 'expired' }] },
        moves: [{ id: OFFER, to: 'expired', decidedBy: 'hopper', notes: 'nobody answered in time' }],
      },
    });
  });

  it.each([
    ['before its time', aDelegation({ expiresAt: secondsLater(1) })],
    ['without a time', aDelegation({ expiresAt: null })],
    ['when somebody has decided', aDelegation({ status: 'accepted', expiresAt: secondsLater(-1) })],
    ['when it expired already', aDelegation({ status: 'expired', expiresAt: secondsLater(-1) })],
  ])('changes nothing %s (rule D5)', (_what, offer) => {
    expect(expire(anOfferedTask(offer), HOPPER, command)).toEqual({ kind: 'done' });
  });

  it('of a delegation that the task does not have changes nothing', () => {
    expect(expire(anOfferedTask(), HOPPER, { ...command, delegationId: NOWHERE })).toEqual({ kind: 'done' });
  });
});
