import { describe, expect, it } from '@jest/globals';
import { orchestrationScope } from '../../../../src/domain/scopes/orchestration-scope.ts';
import { ORCHESTRATION_ID, PROJECT_ID, aCandidate, aPolicy, aTask, aView } from '../../../support/builders.ts';

const { orchestration: policy } = aPolicy();
const view = aView({
  instance: { id: ORCHESTRATION_ID, scope: 'orchestration', parentId: PROJECT_ID },
  candidates: [aCandidate({ name: 'tempting', capabilities: ['x'] })],
});

describe('orchestrationScope', () => {
  it('queues every task for its workers (rule O1)', () => {
    expect(
      orchestrationScope.handleIncomingTask(aTask({ estimatedDuration: 9_000, tags: ['x'] }), view, policy),
    ).toEqual({
      action: 'queue',
      reason: 'in the execution queue',
      strategy: 'queue',
      candidates: [],
    });
  });

  it('never finds a target, even where there is one (rule O1)', () => {
    expect(orchestrationScope.findDelegationTarget(aTask({ tags: ['x'] }), view, policy)).toBeNull();
  });

  it('reports a completion to the project above it (rule B5)', () => {
    expect(orchestrationScope.onTaskCompleted(aTask(), view.instance)).toEqual([
      { kind: 'report_completion', instanceId: ORCHESTRATION_ID, toInstanceId: PROJECT_ID },
    ]);
  });

  it('orders its queue by priority, then by age (rule O2)', () => {
    expect(orchestrationScope.getTaskQueue(view.instance, policy)).toEqual({ by: ['priority', 'age'] });
  });
});
