import { describe, expect, it } from '@jest/globals';
import { globalScope } from '../../../../src/domain/scopes/global-scope.ts';
import { orchestrationScope } from '../../../../src/domain/scopes/orchestration-scope.ts';
import { projectScope } from '../../../../src/domain/scopes/project-scope.ts';
import { PROJECT_ID, aCandidate, aPolicy, aProjectView, aTask, aView } from '../../../support/builders.ts';

describe('the specification of scope behaviours', () => {
  it('Global correctly routes to Project', () => {
    const project = aCandidate({ id: PROJECT_ID, name: 'project', capabilities: ['czarina'] });
    const task = aTask({ tags: ['czarina'] });
    const decision = globalScope.handleIncomingTask(task, aView({ candidates: [project] }), aPolicy().global);
    expect(decision).toMatchObject({ action: 'delegate', targetId: PROJECT_ID });
  });

  it('Project handles simple tasks directly', () => {
    const task = aTask({ estimatedDuration: 30 });
    const decision = projectScope.handleIncomingTask(task, aProjectView(), aPolicy().project);
    expect(decision.action).toBe('execute');
  });

  it('Orchestration never delegates', () => {
    const view = aView({ instance: { scope: 'orchestration' } });
    expect(orchestrationScope.shouldDelegate(aTask(), view, aPolicy().orchestration)).toBe(false);
  });
});
