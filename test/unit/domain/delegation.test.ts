import { describe, expect, it } from '@jest/globals';
import {
  DELEGATION_STATUSES,
  type DelegationStatus,
  canDelegationMove,
  delegationSources,
} from '../../../src/domain/delegation.ts';

const MAY_BECOME = {
  pending: ['accepted', 'rejected', 'expired', 'cancelled'],
  accepted: ['completed', 'cancelled'],
  rejected: [],
  completed: [],
  expired: [],
  cancelled: [],
} as const satisfies Record<DelegationStatus, readonly DelegationStatus[]>;

describe('canDelegationMove', () => {
  it.each(DELEGATION_STATUSES)('lets a delegation that is %s become what rule D1 says, and nothing else', (from) => {
    const allowed: readonly string[] = MAY_BECOME[from];
    expect(DELEGATION_STATUSES.filter((to) => canDelegationMove(from, to))).toEqual(
      DELEGATION_STATUSES.filter((to) => allowed.includes(to)),
    );
  });
});

describe('delegationSources', () => {
  it.each([
    ['pending', []],
    ['accepted', ['pending']],
    ['rejected', ['pending']],
    ['expired', ['pending']],
    ['completed', ['accepted']],
    ['cancelled', ['pending', 'accepted']],
  ] as const)('says from where a delegation comes to %s', (to, sources) => {
    expect(delegationSources(to)).toEqual(sources);
  });
});
