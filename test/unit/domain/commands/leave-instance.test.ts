import { describe, expect, it } from '@jest/globals';
import { leave } from '../../../../src/domain/commands/leave-instance.ts';
import { INSTANCE_STATUSES } from '../../../../src/domain/instance.ts';
import { HOP_LIMIT } from '../../../../src/domain/task.ts';
import type { TaskAggregate } from '../../../../src/domain/task-aggregate.ts';
import {
  GLOBAL_ID,
  ORCHESTRATION_ID,
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
const reason = 'billing is stopping';
const DONE = { kind: 'done' } as const;
const AT_ENTRY = { instanceId: GLOBAL_ID } as const;
const QUESTION = { status: 'blocked', blockedOn: 'question' } as const;
const HELD = { status: 'blocked', blockedOn: 'held' } as const;

const CLIMBED = {
  kind: 'change',
  change: {
    type: 'task_escalated',
    actor: ana,
    task: { status: 'routing', instanceId: PROJECT_ID, exclusions: [{ instanceId: ORCHESTRATION_ID, why: 'stopped' }] },
    moves: [{ id: LAST, to: 'cancelled' }],
    opened: { delegationType: 'escalate', notes: reason },
    detail: { reason },
  },
} as const;
const HELD_THERE = {
  kind: 'change',
  change: { type: 'task_held', actor: ana, task: HELD, moves: [], opened: null, detail: { reason } },
} as const;

/** What comes of it that this instance stops. */
function leaving(aggregate: TaskAggregate, instanceId: string, force?: boolean) {
  const command = { kind: 'leave', instanceId, reason, ...(force !== undefined && { force }) } as const;
  return leave(aggregate, ana, command, aTarget({ id: instanceId, name: 'billing', status: 'stopping' }));
}

describe('leave', () => {
  it.each([
    ['to it', PROJECT_ID],
    ['of it', GLOBAL_ID],
  ])('withdraws an offer %s and remembers that it stopped (rule I4)', (_which, stopping) => {
    expect(leaving(anOfferedTask(), stopping)).toEqual({
      kind: 'change',
      change: {
        type: 'delegation_withdrawn',
        actor: ana,
        task: { status: 'routing', exclusions: [{ instanceId: stopping, why: 'stopped' }] },
        moves: [{ id: FIRST, to: 'cancelled', decidedBy: 'ana', notes: reason }],
        opened: null,
        detail: { reason },
      },
    });
  });

  it('leaves an offer between others alone', () => {
    expect(leaving(anOfferedTask(), ORCHESTRATION_ID)).toEqual(DONE);
  });

  it.each([{ status: 'queued' }, HELD] as const)('lets what waits there climb: %j (rule I4)', (task) => {
    expect(leaving(aQueuedTask(task), ORCHESTRATION_ID)).toMatchObject(CLIMBED);
  });

  it('holds a queued task where it entered: nobody is above (rule I4)', () => {
    expect(leaving(anAggregate({ ...AT_ENTRY, status: 'queued' }), GLOBAL_ID)).toEqual(HELD_THERE);
  });

  it('has nothing to do for a task that is held where it entered', () => {
    expect(leaving(anAggregate({ ...AT_ENTRY, ...HELD }), GLOBAL_ID)).toEqual(DONE);
  });

  it.each([{ status: 'in_progress' }, QUESTION] as const)(
    'waits for the worker of a task: %j, unless it is forced (rule I4)',
    (task) => {
      expect(leaving(aQueuedTask(task), ORCHESTRATION_ID)).toMatchObject({
        kind: 'conflict',
        code: 'task_conflict',
        detail: expect.stringContaining('its worker has it'),
      });
      expect(leaving(aQueuedTask(task), ORCHESTRATION_ID, false).kind).toBe('conflict');
      expect(leaving(aQueuedTask(task), ORCHESTRATION_ID, true)).toMatchObject(CLIMBED);
      expect(leaving(anAggregate({ ...AT_ENTRY, ...task }), GLOBAL_ID, true)).toEqual(HELD_THERE);
    },
  );

  it.each(['routing', 'offered', 'waiting', 'completed', 'failed', 'rejected', 'cancelled'] as const)(
    'has nothing to do for a task there that is %s and has no offer',
    (status) => {
      expect(leaving(aQueuedTask({ status }), ORCHESTRATION_ID)).toEqual(DONE);
    },
  );

  it('has a task decided at once that waits there for its next try', () => {
    const postponed = aQueuedTask({ status: 'routing', retryAt: secondsLater(60) });
    expect(leaving(postponed, ORCHESTRATION_ID)).toEqual({
      kind: 'change',
      change: {
        type: 'task_rerouted',
        actor: ana,
        task: { status: 'routing' },
        moves: [],
        opened: null,
        detail: { reason },
      },
    });
  });

  it('leaves a task alone that is elsewhere, also below the instance', () => {
    expect(leaving(aQueuedTask(), PROJECT_ID)).toEqual(DONE);
    expect(leaving(aQueuedTask(), anId(0x999))).toEqual(DONE);
  });

  it('is done when it is done: a repeat changes nothing more', () => {
    const climbed = aQueuedTask({ status: 'routing', instanceId: PROJECT_ID });
    expect(leaving(climbed, ORCHESTRATION_ID)).toEqual(DONE);
  });

  it('ends a task that was handed over as often as it may be (law 9)', () => {
    const { delegations, ...rest } = aQueuedTask();
    const more = Array.from({ length: HOP_LIMIT - 2 }, (_, at) => aDelegation({ hop: at + 2, status: 'cancelled' }));
    expect(leaving({ ...rest, delegations: [...delegations, ...more] }, ORCHESTRATION_ID)).toMatchObject({
      change: { type: 'task_failed', task: { failure: { code: 'hop_limit' } } },
    });
  });

  it.each(INSTANCE_STATUSES.filter((status) => status === 'running' || status === 'paused'))(
    'takes nothing away from an instance that is %s (rule I4)',
    (status) => {
      const command = { kind: 'leave', instanceId: ORCHESTRATION_ID, reason, force: true } as const;
      const target = aTarget({ id: ORCHESTRATION_ID, name: 'builders', status });
      expect(leave(aQueuedTask(), ana, command, target)).toEqual({
        kind: 'conflict',
        code: 'target_not_allowed',
        detail: `builders is ${status}: nothing has to leave it before it stops`,
      });
    },
  );

  it('says so if there is no such instance', () => {
    const command = { kind: 'leave', instanceId: 'nowhere', reason } as const;
    expect(leave(aQueuedTask(), ana, command, null)).toMatchObject({
      kind: 'conflict',
      code: 'instance_not_found',
      detail: 'no instance nowhere',
    });
  });
});
