import type { CustomBehavior } from '../../src/behaviors/custom-behavior.ts';

const TAG = 'customer-x';

/**
 * A project that keeps the work of one customer to itself, and gives what it hands down to the orchestration with the
 * fewest open tasks. All else is the standard behaviour's.
 */
export const behavior: CustomBehavior<'project'> = (standard) => ({
  handleIncomingTask(task, view, policy) {
    if (task.tags.includes(TAG)) {
      return { action: 'execute', reason: `${TAG} is served here`, strategy: 'customer', candidates: [] };
    }
    return standard.handleIncomingTask.call(this, task, view, policy);
  },

  findDelegationTarget(_task, { candidates }) {
    const [target] = candidates.toSorted((a, b) => a.busy - b.busy || (a.id < b.id ? -1 : 1));
    if (target === undefined) return null;
    const reason = `fewest open tasks: ${String(target.busy)}`;
    return { target, strategy: 'fewest_open', reason, scoreOf: (candidate) => -candidate.busy };
  },
});
