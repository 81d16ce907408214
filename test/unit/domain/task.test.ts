import { describe, expect, it } from '@jest/globals';
import {
  TASK_STATUSES,
  type TaskStatus,
  canTaskMove,
  isAtWork,
  isFinal,
  workflowIdOf,
} from '../../../src/domain/task.ts';

const MAY_BECOME = {
  routing: ['routing', 'offered', 'queued', 'waiting', 'blocked', 'rejected', 'failed', 'cancelled'],
  offered: ['routing', 'offered', 'failed', 'cancelled'],
  queued: ['routing', 'offered', 'in_progress', 'waiting', 'blocked', 'completed', 'failed', 'cancelled'],
  in_progress: ['routing', 'offered', 'queued', 'waiting', 'blocked', 'completed', 'failed', 'cancelled'],
  waiting: ['routing', 'completed', 'failed', 'cancelled'],
  blocked: ['routing', 'offered', 'queued', 'in_progress', 'waiting', 'blocked', 'completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  rejected: [],
  cancelled: [],
} as const satisfies Record<TaskStatus, readonly TaskStatus[]>;

describe('canTaskMove', () => {
  it.each(TASK_STATUSES)('lets a task that is %s become what rule T1 says, and nothing else', (from) => {
    const allowed: readonly string[] = MAY_BECOME[from];
    expect(TASK_STATUSES.filter((to) => canTaskMove(from, to))).toEqual(
      TASK_STATUSES.filter((to) => allowed.includes(to)),
    );
  });
});

describe('isFinal', () => {
  it('holds for completed, failed, rejected and cancelled tasks only', () => {
    expect(TASK_STATUSES.filter(isFinal)).toEqual(['completed', 'failed', 'rejected', 'cancelled']);
  });
});

describe('isAtWork', () => {
  it('holds while somebody may work on the task or finish it by hand', () => {
    expect(TASK_STATUSES.filter(isAtWork)).toEqual(['queued', 'in_progress', 'blocked']);
  });
});

describe('workflowIdOf', () => {
  it('names the one workflow that carries a task', () => {
    expect(workflowIdOf('0197')).toBe('task/0197');
  });
});
