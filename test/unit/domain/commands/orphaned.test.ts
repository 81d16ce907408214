import { describe, expect, it } from '@jest/globals';
import { orphaned } from '../../../../src/domain/commands/orphaned.ts';
import { aQueuedTask, anOfferedTask } from '../../../support/builders.ts';

describe('orphaned', () => {
  it.each([
    ['TERMINATED', 'failed', 'terminated'],
    ['FAILED', 'failed', 'failed'],
    ['COMPLETED', 'failed', 'completed'],
    ['TIMED_OUT', 'failed', 'timed out'],
    ['CANCELLED', 'cancelled', 'cancelled'],
  ] as const)('ends an open task whose workflow is %s as %s, and says so (rule N2)', (closedAs, status, words) => {
    const reason = `its workflow has ended in Temporal (${words}), and the task had not`;
    const change = orphaned(aQueuedTask(), closedAs);
    expect(change).toMatchObject({
      type: `task_${status}`,
      actor: { name: 'hopper' },
      task: { status, failure: { code: 'workflow_closed', reason } },
      detail: { reason },
    });
    expect(change?.moves.map(({ to }) => to)).toEqual(['cancelled', 'cancelled']);
  });

  it('withdraws an open offer (rule N2)', () => {
    const { delegations } = anOfferedTask();
    expect(orphaned(anOfferedTask(), 'TERMINATED')?.moves).toMatchObject([{ id: delegations[0]!.id, to: 'cancelled' }]);
  });

  it.each(['completed', 'failed', 'rejected', 'cancelled'] as const)('leaves a task alone that is %s', (status) => {
    expect(orphaned(aQueuedTask({ status }), 'TERMINATED')).toBeNull();
  });
});
