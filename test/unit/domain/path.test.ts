import { describe, expect, it } from '@jest/globals';
import {
  holderDelegation,
  hopFromAbove,
  instancesOnPath,
  leadsOn,
  pathOf,
  pendingOffer,
} from '../../../src/domain/path.ts';
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

/** The hop by which a part is at the instance of its whole. */
const ownHop = aDelegation({ hop: 0, status: 'accepted', delegationType: 'decompose', sourceInstanceId: PROJECT_ID });
const further = aDelegation({
  ...{ hop: 1, status: 'accepted', sourceInstanceId: PROJECT_ID, targetInstanceId: ORCHESTRATION_ID },
});

describe('leadsOn', () => {
  it('holds for every hop but the first of a part (rule J1)', () => {
    expect([ownHop, further].map(leadsOn)).toEqual([false, true]);
    expect(instancesOnPath(PROJECT_ID, [ownHop, further])).toEqual([PROJECT_ID, ORCHESTRATION_ID]);
  });
});

describe('hopFromAbove', () => {
  it('is none where a part begins: nobody is above it (rule J1)', () => {
    expect(hopFromAbove([ownHop])).toBeUndefined();
    expect(hopFromAbove([ownHop, further])).toBe(further);
    expect(holderDelegation([ownHop])).toBe(ownHop);
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
