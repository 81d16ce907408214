import { describe, expect, it } from '@jest/globals';
import {
  CHILD_SCOPE,
  INSTANCE_STATUSES,
  type InstanceStatus,
  PARENT_SCOPE,
  SCOPES,
  canInstanceMove,
  isLive,
} from '../../../src/domain/instance.ts';

const MAY_BECOME = {
  created: ['starting', 'terminated'],
  starting: ['running', 'error'],
  running: ['paused', 'stopping', 'error'],
  paused: ['running', 'stopping'],
  stopping: ['stopped', 'error'],
  stopped: ['starting', 'terminated'],
  error: ['starting', 'terminated'],
  terminated: [],
} as const satisfies Record<InstanceStatus, readonly InstanceStatus[]>;

describe('canInstanceMove', () => {
  it.each(INSTANCE_STATUSES)('lets an instance that is %s become what rule I1 says, and nothing else', (from) => {
    const allowed: readonly string[] = MAY_BECOME[from];
    expect(INSTANCE_STATUSES.filter((to) => canInstanceMove(from, to))).toEqual(
      INSTANCE_STATUSES.filter((to) => allowed.includes(to)),
    );
  });
});

describe('isLive', () => {
  it('holds for every status that forbids the creation of another child (rule C1)', () => {
    expect(INSTANCE_STATUSES.filter(isLive)).toEqual(['starting', 'running', 'paused', 'stopping']);
  });
});

describe('CHILD_SCOPE', () => {
  it('puts projects below Globals, orchestrations below projects and nothing below orchestrations', () => {
    expect(SCOPES.map((scope) => CHILD_SCOPE[scope])).toEqual(['project', 'orchestration', null]);
  });
});

describe('PARENT_SCOPE', () => {
  it('is the other way round', () => {
    for (const scope of SCOPES) {
      const child = CHILD_SCOPE[scope];
      if (child !== null) expect(PARENT_SCOPE[child]).toBe(scope);
    }
    expect(PARENT_SCOPE.global).toBeNull();
  });
});
