import { describe, expect, it } from '@jest/globals';
import { policyAt } from '../../../src/domain/policy.ts';
import { aPolicy, anInstance } from '../../support/builders.ts';

describe('policyAt', () => {
  it("lets an instance's own keys win over the file, for its scope alone (rule Y2)", () => {
    const policy = aPolicy({ project: { acceptance_timeout_seconds: 60 } });
    const instance = anInstance({ scope: 'project', config: { acceptance: 'manual', complexity_threshold: 0 } });
    expect(policyAt(policy, instance)).toEqual({
      ...policy,
      project: { ...policy.project, acceptance: 'manual', complexity_threshold: 0, acceptance_timeout_seconds: 60 },
    });
  });

  it.each([
    ['auto_create_orchestrations', false],
    ['orchestration_threshold', 0],
    ['complexity_tags', []],
  ] as const)('takes an override of %s to %j for what it is', (key, value) => {
    const instance = anInstance({ scope: 'project', config: { [key]: value } });
    expect(policyAt(aPolicy(), instance).project[key]).toEqual(value);
  });

  it('ignores keys of other scopes and what is no policy', () => {
    const instance = anInstance({ config: { capabilities: ['x'], complexity_threshold: 9 } });
    expect(policyAt(aPolicy(), instance)).toEqual(aPolicy());
  });
});
