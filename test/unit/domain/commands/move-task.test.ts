import { describe, expect, it } from '@jest/globals';
import { escalate, reassign, reroute } from '../../../../src/domain/commands/move-task.ts';
import { HOP_LIMIT, TASK_STATUSES, isAtWork } from '../../../../src/domain/task.ts';
import {
  GLOBAL_ID,
  ORCHESTRATION_ID,
  NOW,
  PROJECT_ID,
  aDelegation,
  aQueuedTask,
  aTarget,
  anActor,
  anAggregate,
  anId,
  anOfferedTask,
  secondsLater,
} from '../../../support/builders.ts';

const ana = anActor('ana');
const [FIRST, LAST] = [anId(0x10), anId(0x11)];
const HELD = anAggregate({ status: 'blocked', blockedOn: 'held' });
const NOT_AT_WORK = TASK_STATUSES.filter((status) => !isAtWork(status));

/** A queued task that was handed over as often as it may be. */
function aTaskAtTheHopLimit() {
  const { delegations, ...rest } = aQueuedTask();
  const left = Array.from({ length: HOP_LIMIT - 2 }, (_, index) =>
    aDelegation({ hop: index + 2, status: 'cancelled' }),
  );
  return { ...rest, delegations: [...delegations, ...left] };
}

const AT_LIMIT = {
  change: { type: 'task_failed', task: { status: 'failed', failure: { code: 'hop_limit' } }, opened: null },
} as const;

describe('escalate', () => {
  const command = { kind: 'escalate', reason: 'too large for us' } as const;

  it('gives the task back to the instance above, and does not ask the holder again (rule R4)', () => {
    expect(escalate(aQueuedTask(), ana, command)).toMatchObject({
      change: {
        type: 'task_escalated',
        task: {
          status: 'routing',
          instanceId: PROJECT_ID,
          exclusions: [{ instanceId: ORCHESTRATION_ID, why: 'escalated' }],
        },
        moves: [{ id: LAST, to: 'cancelled' }],
        detail: { reason: 'too large for us' },
      },
    });
  });

  it('is on record as a completed hop upwards (rule R4)', () => {
    expect(escalate(aQueuedTask(), ana, command)).toMatchObject({
      change: {
        opened: {
          hop: 2,
          sourceInstanceId: ORCHESTRATION_ID,
          targetInstanceId: PROJECT_ID,
          delegationType: 'escalate',
          status: 'completed',
          decidedBy: 'ana',
          notes: 'too large for us',
        },
      },
    });
  });

  it('is refused at the entry instance', () => {
    expect(escalate(anAggregate({ status: 'queued' }), ana, command)).toEqual({
      kind: 'conflict',
      code: 'task_conflict',
      detail: 'task is queued at its entry instance: nobody is above it',
    });
  });

  it.each(NOT_AT_WORK)('is refused for a task that is %s', (status) => {
    expect(escalate(aQueuedTask({ status }), ana, command)).toMatchObject({ code: 'task_conflict' });
  });

  it('is refused for a held task', () => {
    expect(escalate(HELD, ana, command)).toMatchObject({ code: 'task_conflict' });
  });

  it('fails the task at the hop limit (law 9)', () => {
    expect(escalate(aTaskAtTheHopLimit(), ana, command)).toMatchObject(AT_LIMIT);
  });
});

describe('reroute', () => {
  it('asks a task that was postponed anew at once, and forgets who postponed it (rules T4 and R8)', () => {
    const refused = { instanceId: anId(7), why: 'refused' } as const;
    const later = { instanceId: anId(8), why: 'postponed', at: NOW.toISOString() } as const;
    const waiting = anAggregate({ status: 'routing', retryAt: secondsLater(60), exclusions: [refused, later] });
    expect(reroute(waiting, ana, { kind: 'reroute', reason: 'now' })).toMatchObject({
      kind: 'change',
      change: { type: 'task_rerouted', task: { status: 'routing', exclusions: [refused] } },
    });
  });

  const command = { kind: 'reroute', reason: 'wrong place' } as const;

  it("leaves the holder's hop and decides anew one level up, excluding nobody (rule T4)", () => {
    expect(reroute(aQueuedTask(), ana, command)).toEqual({
      kind: 'change',
      change: {
        type: 'task_rerouted',
        actor: ana,
        task: { status: 'routing', instanceId: PROJECT_ID },
        moves: [{ id: LAST, to: 'cancelled' }],
        opened: null,
        detail: { reason: 'wrong place' },
      },
    });
  });

  it('withdraws an open offer and names who did (rule T4)', () => {
    expect(reroute(anOfferedTask(), ana, command)).toMatchObject({
      change: { task: { status: 'routing' }, moves: [{ id: FIRST, to: 'cancelled', decidedBy: 'ana' }] },
    });
  });

  it('lets a held task be decided anew where it is (rule T4)', () => {
    expect(reroute(HELD, ana, command)).toMatchObject({
      change: { task: { status: 'routing', instanceId: GLOBAL_ID }, moves: [] },
    });
  });

  it('that is meant for a held task takes no task away that has gone on meanwhile (rule R9)', () => {
    const release = { ...command, onlyHeld: true };
    expect(reroute(HELD, ana, release)).toMatchObject({ change: { task: { status: 'routing' } } });
    for (const aggregate of [aQueuedTask(), anOfferedTask(), anAggregate({ status: 'blocked', blockedOn: 'question' })])
      expect(reroute(aggregate, ana, release)).toMatchObject({ code: 'task_conflict' });
  });

  it('decides anew at the entry instance when the task never left it', () => {
    expect(reroute(anAggregate({ status: 'queued' }), ana, { kind: 'reroute' })).toMatchObject({
      change: { task: { instanceId: GLOBAL_ID }, moves: [], detail: { reason: null } },
    });
  });

  it.each(NOT_AT_WORK)('is refused for a task that is %s and has no offer', (status) => {
    expect(reroute(aQueuedTask({ status }), ana, command)).toMatchObject({ code: 'task_conflict' });
  });
});

describe('reassign', () => {
  const target = aTarget();
  const command = {
    kind: 'reassign',
    targetInstanceId: target.id,
    delegationType: 'reassign',
    notes: 'yours',
  } as const;

  it('hands over to the named instance and leaves every hop that is not above it (rule T5)', () => {
    expect(reassign(aQueuedTask(), ana, command, target)).toMatchObject({
      change: {
        type: 'task_reassigned',
        task: { status: 'routing', instanceId: target.id },
        moves: [
          { id: LAST, to: 'cancelled' },
          { id: FIRST, to: 'cancelled' },
        ],
        opened: {
          hop: 2,
          sourceInstanceId: GLOBAL_ID,
          targetInstanceId: target.id,
          delegationType: 'reassign',
          status: 'accepted',
          decidedBy: 'shipping',
          notes: 'yours',
        },
      },
    });
  });

  it('stays below the project when it names a sibling of the holder (rule T5)', () => {
    const sibling = aTarget({ scope: 'orchestration', ancestorIds: [PROJECT_ID, GLOBAL_ID] });
    expect(reassign(aQueuedTask(), ana, command, sibling)).toMatchObject({
      change: { moves: [{ id: LAST, to: 'cancelled' }], opened: { sourceInstanceId: PROJECT_ID } },
    });
  });

  it('offers to a target that accepts by hand, and waits there', () => {
    const manual = aTarget({ acceptance: 'manual', acceptanceTimeoutSeconds: 60 });
    expect(reassign(aQueuedTask(), ana, command, manual)).toMatchObject({
      change: {
        task: { status: 'offered', instanceId: GLOBAL_ID },
        opened: { status: 'pending', expiresAt: secondsLater(60), decidedBy: null },
      },
    });
  });

  it('withdraws an open offer first', () => {
    expect(reassign(anOfferedTask(), ana, command, target)).toMatchObject({
      change: { moves: [{ id: FIRST, to: 'cancelled', decidedBy: 'ana' }], opened: { sourceInstanceId: GLOBAL_ID } },
    });
  });

  it.each([
    ['a Global', aTarget({ scope: 'global' }), 'shipping is a Global, which never does work'],
    ['a paused instance', aTarget({ status: 'paused' }), 'shipping is paused'],
    ['the holder', aTarget({ id: ORCHESTRATION_ID }), 'shipping is on the path of this task already: escalate instead'],
    ['an instance on the path', aTarget({ id: PROJECT_ID }), 'shipping is on the path of this task already'],
  ])('is refused to %s (rule T5)', (_what, wrong, detail) => {
    expect(reassign(aQueuedTask(), ana, command, wrong)).toMatchObject({
      kind: 'conflict',
      code: 'target_not_allowed',
      detail: expect.stringContaining(detail),
    });
  });

  it('is refused to an instance that has refused, not to one that let the time pass (rule R3)', () => {
    const without = (why: 'refused' | 'expired') => aQueuedTask({ exclusions: [{ instanceId: target.id, why }] });
    expect(reassign(without('refused'), ana, command, target)).toMatchObject({
      detail: 'shipping has refused this task',
    });
    expect(reassign(without('expired'), ana, command, target).kind).toBe('change');
  });

  it('is refused to an instance that does not exist', () => {
    expect(reassign(aQueuedTask(), ana, command, null)).toMatchObject({ code: 'instance_not_found' });
  });

  it.each(NOT_AT_WORK)('is refused for a task that is %s and has no offer', (status) => {
    expect(reassign(aQueuedTask({ status }), ana, command, target)).toMatchObject({ code: 'task_conflict' });
  });

  it('fails the task at the hop limit (law 9)', () => {
    expect(reassign(aTaskAtTheHopLimit(), ana, command, target)).toMatchObject(AT_LIMIT);
  });
});
