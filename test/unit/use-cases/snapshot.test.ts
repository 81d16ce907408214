import { describe, expect, it } from '@jest/globals';
import type { InstanceRef } from '../../../src/domain/chain.ts';
import type { TaskAggregate } from '../../../src/domain/task-aggregate.ts';
import type { LockedTask } from '../../../src/persistence/repositories/task.repository.ts';
import { snapshotOf } from '../../../src/use-cases/snapshot.ts';
import {
  GLOBAL_ID,
  ORCHESTRATION_ID,
  PROJECT_ID,
  aDelegation,
  aQueuedTask,
  anAggregate,
  anId,
  anOfferedTask,
  secondsLater,
} from '../../support/builders.ts';

const GLOBAL: InstanceRef = { id: GLOBAL_ID, name: 'global', scope: 'global' };
const PROJECT: InstanceRef = { id: PROJECT_ID, name: 'billing', scope: 'project' };
const ORCHESTRATION: InstanceRef = { id: ORCHESTRATION_ID, name: 'builders', scope: 'orchestration' };
const REFS = new Map([GLOBAL, PROJECT, ORCHESTRATION].map((ref) => [ref.id, ref]));

/** The aggregate as it was read under the row lock. */
function locked(aggregate: TaskAggregate, lastReason: string | null = null): LockedTask {
  const delegations = aggregate.delegations.map((each) => ({
    ...each,
    sourceInstance: REFS.get(each.sourceInstanceId)!,
    targetInstance: REFS.get(each.targetInstanceId)!,
    reason: `reason of hop ${String(each.hop)}`,
  }));
  const read = { around: [], holder: { ...ORCHESTRATION, status: 'running', config: {} }, policyHash: null } as const;
  return { ...aggregate, delegations, ...read, isKnownCommand: false, entryInstance: GLOBAL, lastReason };
}

describe('snapshotOf', () => {
  it('shows holder, project and the chain with reasons (law 2)', () => {
    const row = locked(aQueuedTask(), 'in the execution queue');
    expect(snapshotOf(row, row)).toMatchObject({
      status: 'queued',
      step: 3,
      holder: ORCHESTRATION,
      project: 'billing',
      offer: null,
      why: 'in the execution queue',
      links: [
        { hop: 0, from: GLOBAL, to: PROJECT, why: 'reason of hop 0', decidedBy: 'billing' },
        { hop: 1, from: PROJECT, to: ORCHESTRATION, why: 'reason of hop 1', decidedBy: 'builders' },
      ],
    });
  });

  it.each([
    [30, 30_000],
    [-30, 0],
  ])('says how long an offer waits: one that ends in %i s, %i ms', (seconds, expiresInMs) => {
    const row = locked(anOfferedTask({ expiresAt: secondsLater(seconds) }));
    expect(snapshotOf(row, row).offer).toEqual({ delegationId: anId(0x10), to: 'billing', expiresInMs });
  });

  it('knows the instance and the reason that a write has added', () => {
    const before = locked(anAggregate());
    const after = anAggregate({ instanceId: PROJECT_ID, step: 1 }, [aDelegation({ status: 'accepted' })]);
    expect(snapshotOf(before, after, { instances: [PROJECT], reason: '1 of 1 tags match' })).toMatchObject({
      holder: PROJECT,
      project: 'billing',
      why: '1 of 1 tags match',
      links: [{ to: PROJECT, why: '1 of 1 tags match' }],
    });
  });

  it('prefers the notes of a hop to the reason of its decision', () => {
    const row = locked(anOfferedTask({ status: 'rejected', notes: 'not ours' }));
    expect(snapshotOf(row, row).links[0]?.why).toBe('not ours');
  });

  it('says why a task ended', () => {
    const failure = { code: 'unroutable', reason: 'nobody is left' };
    const row = locked(anAggregate({ status: 'rejected', failure }), 'an old reason');
    expect(snapshotOf(row, row)).toMatchObject({ why: 'nobody is left', failure });
  });

  it('is plain JSON, as a workflow stores it', () => {
    const row = locked(anOfferedTask());
    expect(JSON.parse(JSON.stringify(snapshotOf(row, row)))).toEqual(snapshotOf(row, row));
  });

  describe('at a push instance', () => {
    const executor = { type: 'temporal', task_queue: 'agents' } as const;
    const pushed = (aggregate: TaskAggregate): LockedTask => {
      const row = locked(aggregate);
      const delegations = row.delegations.map((each) =>
        each.hop === 1 ? { ...each, targetInstance: { ...ORCHESTRATION, executor } } : each,
      );
      return { ...row, delegations };
    };
    const lease = { id: anId(9), workerId: 'temporal:agents', attempt: 2, timeoutSeconds: 30, expiresAt: null };

    it('shows which workers a queued task is for, and how long it rests (rule U2)', () => {
      const now = pushed(aQueuedTask());
      expect(snapshotOf(now, now).push).toEqual({ taskQueue: 'agents', leaseId: null, waitMs: 0 });
      const later = pushed(aQueuedTask({ availableAt: secondsLater(5), notBefore: secondsLater(9) }));
      expect(snapshotOf(later, later).push).toMatchObject({ waitMs: 9_000 });
      expect(snapshotOf(now, now).holder).toEqual(ORCHESTRATION);
    });

    it('shows the open lease, also if the instance is none any more; a lease that somebody claimed is no such (rule U2)', () => {
      const row = locked({ ...aQueuedTask({ status: 'in_progress' }), lease });
      expect(snapshotOf(row, row).push).toEqual({ taskQueue: 'agents', leaseId: anId(9), attempt: 2 });
      const claimed = pushed({ ...row, lease: { ...lease, workerId: 'w1', expiresAt: secondsLater(30) } });
      expect(snapshotOf(claimed, claimed)).not.toHaveProperty('push');
    });

    it('says nothing of a task that is not queued there, or at any other instance (rule U2)', () => {
      const cancelled = pushed(aQueuedTask({ status: 'cancelled' }));
      expect(snapshotOf(cancelled, cancelled)).not.toHaveProperty('push');
      const row = locked(aQueuedTask());
      expect(snapshotOf(row, row)).not.toHaveProperty('push');
    });

    it('knows it of a target that was only just learned of (rule U2)', () => {
      const before = locked(anAggregate());
      const to = aDelegation({ status: 'accepted' });
      const after = { ...anAggregate({ status: 'queued', instanceId: PROJECT_ID }), delegations: [to] };
      const { push, holder } = snapshotOf(before, after, { instances: [{ ...PROJECT, executor }] });
      expect(push).toMatchObject({ taskQueue: 'agents' });
      expect(holder).toEqual(PROJECT);
    });
  });
});
