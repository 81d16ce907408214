import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../../src/domain/json.ts';
import type { ProjectPolicy } from '../../../../src/domain/policy.schema.ts';
import { projectScope } from '../../../../src/domain/scopes/project-scope.ts';
import { splitDecision } from '../../../../src/domain/scopes/split.ts';
import { aPolicy, aProjectView, aTask } from '../../../support/builders.ts';
import { aSpec } from '../../../support/parts.ts';

const on = { decompose_subtasks: true } as const;

function split(subtasks: Json, policy: Partial<ProjectPolicy> = on, partDepth = 0) {
  return splitDecision(aTask({ metadata: { subtasks }, partDepth }), aPolicy({ project: policy }).project);
}

describe('splitDecision', () => {
  it('makes a part of each subtask, joined as the policy says (rule J5)', () => {
    expect(split(['one', 'two'], { ...on, decompose_join: 'any' })).toEqual({
      action: 'decompose',
      strategy: 'subtasks',
      candidates: [],
      parts: [aSpec('1', [], { title: 'one' }), aSpec('2', [], { title: 'two' })],
      join: 'any',
      reason: 'split into its 2 subtasks, join any',
    });
  });

  it.each<[string, Json, Partial<ProjectPolicy>, number]>([
    ['decompose_subtasks is off, as it is without a word', ['one'], {}, 0],
    ['the task names no subtasks', [], on, 0],
    ['it is a part at the deepest level already', ['one'], on, 5],
  ])('splits nothing if %s (rule J5)', (_what, subtasks, policy, depth) => {
    expect(split(subtasks, policy, depth)).toBeNull();
  });

  it('refuses subtasks that cannot be parts, and says why, but not without end (rule J5)', () => {
    expect(split([{ title: 'a', after: ['b'] }])).toMatchObject({
      action: 'reject',
      reason: 'its subtasks cannot be parts: subtasks[0].after there is no part "b"',
    });
    const reason = split(Array.from({ length: 400 }, () => 7))?.reason ?? '';
    expect(reason.match(/subtasks\[/g)).toHaveLength(5);
  });

  it('is what a Project decides first, before the complexity of the task (rule J5)', () => {
    const decide = (policy: Partial<ProjectPolicy>) =>
      projectScope.handleIncomingTask(
        aTask({ metadata: { subtasks: ['one'] } }),
        aProjectView(),
        aPolicy({ project: policy }).project,
      );
    expect(decide(on)).toMatchObject({ action: 'decompose', strategy: 'subtasks' });
    expect(decide({})).toMatchObject({ action: 'execute' });
  });
});
