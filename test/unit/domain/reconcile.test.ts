import { describe, expect, it } from '@jest/globals';
import {
  NOTHING_RECONCILED,
  RECONCILE_FROM,
  addReconciled,
  nextOf,
  reconcileIdOf,
} from '../../../src/domain/reconcile.ts';

describe('nextOf', () => {
  it('goes on behind a full page, then with the next part, and ends after the last', () => {
    const first = RECONCILE_FROM.next!;
    expect(nextOf(first, 'x')).toEqual({ part: 'tasks', after: 'x' });
    const parts = nextOf({ part: 'tasks', after: 'x' }, null)!;
    expect(parts).toEqual({ part: 'parts', after: first.after });
    const leases = nextOf(parts, null)!;
    expect(leases).toEqual({ part: 'leases', after: first.after });
    const loads = nextOf(leases, null)!;
    expect(loads.part).toBe('loads');
    const workflows = nextOf(loads, null)!;
    expect(workflows.part).toBe('workflows');
    expect(nextOf(workflows, null)).toBeNull();
  });
});

describe('reconcileIdOf', () => {
  it('is of one deployment', () => {
    expect(reconcileIdOf('hopper')).toBe('reconcile/hopper');
  });
});

describe('addReconciled', () => {
  it('adds what is given', () => {
    const one = addReconciled(NOTHING_RECONCILED, { tasks: 5, started: 1, failures: 1 });
    const both = addReconciled(one, { tasks: 2, ended: 3, reread: 1, leasesEnded: 1, loadsRecounted: 1 });
    expect(both).toEqual({
      tasks: 7,
      started: 1,
      reread: 1,
      ended: 3,
      leasesEnded: 1,
      partsLeft: 0,
      loadsRecounted: 1,
      workflowsLeft: 0,
      failures: 1,
    });
  });

  it('takes a run that began before a count was thought of', () => {
    expect(addReconciled({ tasks: 1 }, { workflowsLeft: 2 })).toMatchObject({ tasks: 1, workflowsLeft: 2, started: 0 });
  });
});
