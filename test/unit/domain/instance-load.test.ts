import { describe, expect, it } from '@jest/globals';
import { loadChanges } from '../../../src/domain/instance-load.ts';
import type { Task, TaskStatus } from '../../../src/domain/task.ts';
import {
  GLOBAL_ID,
  NOW,
  ORCHESTRATION_ID,
  PROJECT_ID,
  aDelegation,
  anAggregate,
  anOfferedTask,
  secondsLater,
} from '../../support/builders.ts';

const at = (instanceId: string, status: TaskStatus, more: Partial<Task> = {}) =>
  anAggregate({ instanceId, status, ...more });

describe('loadChanges', () => {
  it.each([
    ['routing', 'queued', { busy: 1, direct: 1 }],
    ['queued', 'in_progress', null],
    ['in_progress', 'blocked', { busy: -1, direct: 0 }],
    ['blocked', 'queued', { busy: 1, direct: 0 }],
    ['in_progress', 'completed', { busy: -1, direct: -1 }],
    ['blocked', 'cancelled', { busy: 0, direct: -1 }],
    ['routing', 'rejected', null],
    ['routing', 'blocked', { busy: 0, direct: 1 }],
    ['queued', 'waiting', { busy: -1, direct: -1 }],
  ] as const)('of a task that goes from %s to %s at one instance is %j', (from, to, difference) => {
    const changes = loadChanges(at(PROJECT_ID, from), at(PROJECT_ID, to));
    expect(changes).toEqual(difference === null ? [] : [{ instanceId: PROJECT_ID, ...difference, offeredAt: null }]);
  });

  it('of a new offer falls on its target, with the time of the offer', () => {
    const offered = anOfferedTask({ delegatedAt: NOW });
    expect(loadChanges(anAggregate({ status: 'routing' }), offered)).toEqual([
      { instanceId: PROJECT_ID, busy: 1, direct: 0, offeredAt: NOW },
    ]);
  });

  it('of a target that accepts by itself is only the time of the offer', () => {
    const accepted = anAggregate({ instanceId: PROJECT_ID }, [aDelegation({ status: 'accepted', delegatedAt: NOW })]);
    expect(loadChanges(anAggregate(), accepted)).toEqual([
      { instanceId: PROJECT_ID, busy: 0, direct: 0, offeredAt: NOW },
    ]);
  });

  it.each(['accepted', 'rejected', 'expired', 'cancelled'] as const)('of an offer that is %s falls away', (status) => {
    const before = anOfferedTask();
    const decided = anAggregate({ status: 'routing' }, [aDelegation({ status })]);
    expect(loadChanges(before, decided)).toEqual([{ instanceId: PROJECT_ID, busy: -1, direct: 0, offeredAt: null }]);
  });

  it('of a task that is handed over while it is queued falls on both, in the order of their ids', () => {
    const later = secondsLater(1);
    const opened = aDelegation({ hop: 1, targetInstanceId: ORCHESTRATION_ID, delegatedAt: later });
    const hop = aDelegation({ hop: 0, status: 'accepted' });
    const left = { ...hop, status: 'cancelled' } as const;
    const changes = loadChanges(
      anAggregate({ status: 'queued', instanceId: PROJECT_ID }, [hop]),
      anAggregate({ status: 'offered', instanceId: GLOBAL_ID }, [left, opened]),
    );
    expect(changes).toEqual([
      { instanceId: PROJECT_ID, busy: -1, direct: -1, offeredAt: null },
      { instanceId: ORCHESTRATION_ID, busy: 1, direct: 0, offeredAt: later },
    ]);
    expect(changes.map((each) => each.instanceId)).toEqual(changes.map((each) => each.instanceId).toSorted());
  });

  it('of an aggregate and itself is nothing', () => {
    expect(loadChanges(anOfferedTask(), anOfferedTask())).toEqual([]);
  });
});
