import { describe, expect, it } from '@jest/globals';
import { wantedInstance } from '../../../../src/domain/scopes/creation.ts';
import { aTask } from '../../../support/builders.ts';

describe('wantedInstance', () => {
  it("is named after the task's first tag and can do what the tags say, each once (rule C3)", () => {
    expect(wantedInstance('project', aTask({ tags: [' billing', 'invoices', 'billing'] }))).toEqual({
      scope: 'project',
      name: 'billing',
      capabilities: ['billing', 'invoices'],
    });
  });

  it('is named after its scope if the task has no tags (rule C3)', () => {
    expect(wantedInstance('orchestration', aTask())).toEqual({
      scope: 'orchestration',
      name: 'orchestration',
      capabilities: [],
    });
  });
});
