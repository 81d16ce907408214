import { describe, expect, it } from '@jest/globals';
import { holderDelegation, instancesOnPath, pathOf, pendingOffer } from '../../../src/domain/path.ts';
import { nextHop } from '../../../src/domain/task-aggregate.ts';
import { GLOBAL_ID, ORCHESTRATION_ID, PROJECT_ID, aDelegation, anId } from '../../support/builders.ts';

/** Refused by one project, accepted by another, left by one orchestration, accepted by the next, in no order. */
function aHistory() {
  const first = aDelegation({ hop: 1, status: 'accepted' });
  const last = aDelegation({
    hop: 4,
    status: 'accepted',
    sourceInstanceId: PROJECT_ID,
    targetInstanceId: ORCHESTRATION_ID,
  });
  const delegations = [
    last,
    aDelegation({ hop: 3, status: 'completed', delegationType: 'escalate', targetInstanceId: PROJECT_ID }),
    aDelegation({ hop: 0, status: 'rejected', targetInstanceId: anId(9) }),
    aDelegation({ hop: 2, status: 'cancelled', sourceInstanceId: PROJECT_ID, targetInstanceId: anId(8) }),
    first,
  ];
  return { delegations, first, last };
}

describe('pathOf', () => {
  it('keeps the accepted hops that were not left again, from the entry to the holder', () => {
    const { delegations, first, last } = aHistory();
    expect(pathOf(delegations)).toEqual([first, last]);
  });

  it('is empty for a task that never left its entry instance', () => {
    expect(pathOf([])).toEqual([]);
  });
});

describe('holderDelegation', () => {
  it('is the deepest accepted hop', () => {
    const { delegations, last } = aHistory();
    expect(holderDelegation(delegations)).toBe(last);
  });

  it('is absent while the task is at its entry instance', () => {
    expect(holderDelegation([aDelegation({ status: 'rejected' })])).toBeUndefined();
  });
});

describe('instancesOnPath', () => {
  it('begins with the entry instance and ends with the holder', () => {
    expect(instancesOnPath(GLOBAL_ID, aHistory().delegations)).toEqual([GLOBAL_ID, PROJECT_ID, ORCHESTRATION_ID]);
  });
});

describe('pendingOffer', () => {
  it('finds the offer that waits for a decision (rule D3)', () => {
    const offer = aDelegation({ hop: 5 });
    expect(pendingOffer([...aHistory().delegations, offer])).toBe(offer);
  });

  it('is absent when everything is decided', () => {
    expect(pendingOffer(aHistory().delegations)).toBeUndefined();
  });
});

describe('nextHop', () => {
  it('counts on from the delegations of the task, whatever became of them (rule D2)', () => {
    expect(nextHop(aHistory().delegations)).toBe(5);
    expect(nextHop([])).toBe(0);
  });
});
