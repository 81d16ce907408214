import { describe, expect, it } from '@jest/globals';
import { queueOrderOf } from '../../../../src/domain/scopes/queue-order.ts';

describe('queueOrderOf', () => {
  it.each([
    [['priority', 'age'], 'aging'],
    [['age', 'priority'], 'age'],
    [['age'], 'age'],
    [['priority'], 'priority'],
  ] as const)('reads %j as %s (rule O3)', (by, order) => {
    expect(queueOrderOf({ by })).toBe(order);
  });
});
