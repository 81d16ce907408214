import { describe, expect, it } from '@jest/globals';
import { type ChosenTarget, applyDecision } from '../../../../src/domain/commands/apply-decision.ts';
import type { RoutingDecision } from '../../../../src/domain/routing-decision.ts';
import { HOP_LIMIT } from '../../../../src/domain/task.ts';
import {
  GLOBAL_ID,
  ORCHESTRATION_ID,
  PROJECT_ID,
  aDelegation,
  aQueuedTask,
  anAggregate,
  secondsLater,
  anId,
} from '../../../support/builders.ts';
import { aSpec } from '../../../support/parts.ts';

const LAST = anId(0x11);
const because = { reason: 'because', strategy: 'test', candidates: [] };
const delegate: RoutingDecision = { ...because, action: 'delegate', targetId: PROJECT_ID };
const auto: ChosenTarget = { id: PROJECT_ID, name: 'billing', acceptance: 'auto', acceptanceTimeoutSeconds: 900 };

describe('applyDecision', () => {
  it('takes the task at once to a target that accepts by itself', () => {
    expect(applyDecision(anAggregate(), delegate, auto, { onUnroutable: 'reject', retryAt: null })).toMatchObject({
      type: 'task_delegated',
      actor: { name: 'hopper', role: 'system' },
      task: { status: 'routing', instanceId: PROJECT_ID },
      opened: {
        hop: 0,
        sourceInstanceId: GLOBAL_ID,
        targetInstanceId: PROJECT_ID,
        delegationType: 'route',
        status: 'accepted',
        expiresAt: null,
        decidedBy: 'billing',
      },
      detail: { reason: 'because' },
    });
  });

  it('offers to a target that accepts by hand, for as long as it is given', () => {
    const manual: ChosenTarget = { ...auto, acceptance: 'manual', acceptanceTimeoutSeconds: 60 };
    expect(applyDecision(anAggregate(), delegate, manual, { onUnroutable: 'reject', retryAt: null })).toMatchObject({
      task: { status: 'offered' },
      opened: { status: 'pending', expiresAt: secondsLater(60), decidedBy: null },
    });
  });

  it.each(['reject', 'hold'] as const)(
    'holds a task where it entered when that instance has stopped, also under the policy %s (rule I4)',
    (onUnroutable) => {
      const lifecycle = { ...because, strategy: 'lifecycle', action: 'escalate' } as const;
      expect(applyDecision(anAggregate(), lifecycle, null, { onUnroutable, retryAt: null })).toMatchObject({
        type: 'task_held',
        task: { status: 'blocked', blockedOn: 'held' },
        moves: [],
        detail: { reason: 'because' },
      });
    },
  );

  it('holds a task that a stop has sent away where nobody else can take it (rule I4)', () => {
    const sentAway = anAggregate({ exclusions: [{ instanceId: PROJECT_ID, why: 'stopped' }] });
    expect(
      applyDecision(sentAway, { ...because, action: 'reject' }, null, { onUnroutable: 'reject', retryAt: null }),
    ).toMatchObject({
      type: 'task_held',
      task: { status: 'blocked', blockedOn: 'held' },
    });
  });

  it('splits the task where the behaviour says so (rules J1 and J5)', () => {
    const decision: RoutingDecision = { ...because, action: 'decompose', parts: [aSpec('a')], join: 'any' };
    expect(applyDecision(anAggregate(), decision, null, { onUnroutable: 'reject', retryAt: null })).toMatchObject({
      ...{ type: 'task_decomposed', actor: { name: 'hopper' }, task: { status: 'waiting', join: 'any' } },
      ...{ parts: decision.parts, detail: { reason: 'because', join: 'any', parts: ['a'] } },
    });
  });

  it.each([
    ['lifecycle', 'stopped'],
    ['custom', 'escalated'],
  ])('remembers of an instance that hands back by %s that it has %s', (strategy, why) => {
    const climbed = applyDecision(
      aQueuedTask({ status: 'routing' }),
      { ...because, strategy, action: 'escalate' },
      null,
      { onUnroutable: 'reject', retryAt: null },
    );
    expect(climbed.task.exclusions).toEqual([{ instanceId: ORCHESTRATION_ID, why }]);
  });

  it.each(['execute', 'queue'] as const)('puts the task in the queue where it is, to %s it', (action) => {
    expect(
      applyDecision(anAggregate(), { ...because, action }, null, { onUnroutable: 'reject', retryAt: null }),
    ).toMatchObject({
      type: 'task_queued',
      task: { status: 'queued' },
      moves: [],
      opened: null,
    });
  });

  it('rejects what nobody can take and leaves its path (rule R7)', () => {
    expect(
      applyDecision(aQueuedTask({ status: 'routing' }), { ...because, action: 'reject' }, null, {
        onUnroutable: 'reject',
        retryAt: null,
      }),
    ).toMatchObject({
      type: 'task_rejected',
      task: { status: 'rejected', failure: { code: 'unroutable', reason: 'because' }, finishedBy: 'hopper' },
      moves: [{ to: 'cancelled' }, { to: 'cancelled' }],
    });
  });

  it('fails what nobody can take after attempts in vain (rule R7)', () => {
    const tried = aQueuedTask({ status: 'routing', totalAttempts: 1 });
    const decision = { ...because, action: 'reject' } as const;
    expect(applyDecision(tried, decision, null, { onUnroutable: 'reject', retryAt: null })).toMatchObject({
      type: 'task_failed',
      task: { status: 'failed', failure: { code: 'unroutable', reason: 'because' } },
    });
  });

  it('holds it for a person if the policy says so (rule R7)', () => {
    expect(
      applyDecision(anAggregate(), { ...because, action: 'reject' }, null, { onUnroutable: 'hold', retryAt: null }),
    ).toMatchObject({
      type: 'task_held',
      task: { status: 'blocked', blockedOn: 'held' },
      moves: [],
    });
  });

  it('holds a task whose behaviour failed, whatever the policy says (rule F2)', () => {
    const decision = { ...because, action: 'hold' } as const;
    expect(applyDecision(anAggregate(), decision, null, { onUnroutable: 'reject', retryAt: null })).toMatchObject({
      type: 'task_held',
      task: { status: 'blocked', blockedOn: 'held' },
    });
  });

  it('makes a task wait for the time at which somebody may be asked again (rule R8)', () => {
    const decision = { ...because, action: 'wait' } as const;
    const retryAt = secondsLater(60);
    expect(applyDecision(anAggregate(), decision, null, { onUnroutable: 'reject', retryAt })).toMatchObject({
      type: 'task_postponed',
      task: { status: 'routing', retryAt },
      detail: { retry_at: retryAt.toISOString() },
    });
    expect(applyDecision(anAggregate(), decision, null, { onUnroutable: 'reject', retryAt: null })).toMatchObject({
      type: 'task_rejected',
    });
  });

  it('climbs one level when the instance escalates (rule R4)', () => {
    const change = applyDecision(aQueuedTask({ status: 'routing' }), { ...because, action: 'escalate' }, null, {
      onUnroutable: 'reject',
      retryAt: null,
    });
    expect(change).toMatchObject({
      type: 'task_escalated',
      task: { instanceId: PROJECT_ID, exclusions: [{ instanceId: ORCHESTRATION_ID, why: 'escalated' }] },
      moves: [{ id: LAST, to: 'cancelled' }],
    });
  });

  it('is unroutable when the entry instance escalates (rule R7)', () => {
    expect(
      applyDecision(anAggregate(), { ...because, action: 'escalate' }, null, { onUnroutable: 'hold', retryAt: null }),
    ).toMatchObject({
      type: 'task_held',
    });
  });

  it.each([
    [HOP_LIMIT - 1, 'task_delegated'],
    [HOP_LIMIT, 'task_failed'],
  ])('after %i hops is %s (law 9)', (hops, type) => {
    const delegations = Array.from({ length: hops }, (_, hop) => aDelegation({ hop, status: 'rejected' }));
    expect(
      applyDecision(anAggregate({}, delegations), delegate, auto, { onUnroutable: 'reject', retryAt: null }).type,
    ).toBe(type);
  });
});
