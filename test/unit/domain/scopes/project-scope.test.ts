import { describe, expect, it } from '@jest/globals';
import type { ProjectPolicy } from '../../../../src/domain/policy.schema.ts';
import { projectScope } from '../../../../src/domain/scopes/project-scope.ts';
import type { RoutingView } from '../../../../src/domain/scopes/scope-behavior.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { GLOBAL_ID, PROJECT_ID, aCandidate, aPolicy, aProjectView, aTask } from '../../../support/builders.ts';

const COMPLEX = { estimatedDuration: 240 };
const busy = aCandidate({ name: 'able', capabilities: ['invoices'], busy: 4 });
const idle = aCandidate({ name: 'idle' });

function setup(policy: Partial<ProjectPolicy> = {}) {
  const { project } = aPolicy({ project: policy });
  const decide = (task: Partial<Task>, view: Partial<Omit<RoutingView, 'instance'>>) =>
    projectScope.handleIncomingTask(aTask(task), aProjectView(view), project);
  return { decide, project };
}

describe('projectScope.handleIncomingTask', () => {
  it('waits for an orchestration that wants to be asked again later (rule R8)', () => {
    expect(setup().decide(COMPLEX, { postponed: 1, liveChildren: 1 })).toMatchObject({
      action: 'wait',
      reason: expect.stringContaining('1 to be asked again later'),
    });
  });

  it.each([
    [3, 'execute'],
    [4, 'delegate'],
  ] as const)('at complexity %i, above a threshold of 3 or not, chooses to %s (rule P1)', (hours, action) => {
    const { decide } = setup({ complexity_threshold: 3 });
    expect(decide({ estimatedDuration: hours * 60 }, { candidates: [idle] })).toMatchObject({ action });
  });

  it.each([
    [4, 'execute'],
    [5, 'delegate'],
    [6, 'delegate'],
  ] as const)('with %i tasks already open here, chooses to %s a simple one (rule P3)', (openHere, action) => {
    const { decide } = setup({ orchestration_threshold: 5 });
    expect(decide({}, { candidates: [idle], openHere })).toMatchObject({ action });
  });

  it('takes the orchestration that the tags name, else the least busy one (rule R6)', () => {
    const { decide } = setup();
    expect(decide({ ...COMPLEX, tags: ['invoices'] }, { candidates: [idle, busy] })).toMatchObject({
      targetId: busy.id,
      strategy: 'tags',
    });
    expect(decide(COMPLEX, { candidates: [busy, idle] })).toMatchObject({ targetId: idle.id, strategy: 'least_busy' });
  });

  it('says why it delegates and why to that one (rule R1)', () => {
    const decision = setup().decide(COMPLEX, { candidates: [idle] });
    expect(decision.reason).toBe('complexity 4 (threshold 3); least busy: 0 open');
    expect(setup().decide({}, { candidates: [idle], openHere: 7 }).reason).toContain('7 direct tasks are open here');
  });

  it('says why it does a task itself, and whom it did not need (rule R1)', () => {
    expect(setup().decide({}, { candidates: [idle] })).toMatchObject({
      action: 'execute',
      reason: 'simple: complexity 0 (threshold 3)',
      candidates: [{ name: 'idle', chosen: false, why: 'not needed' }],
    });
  });
});

describe('projectScope.handleIncomingTask without a candidate', () => {
  it('wants an orchestration, named after the first tag (rules C1 and C3)', () => {
    expect(setup().decide({ ...COMPLEX, tags: ['invoices'] }, {})).toMatchObject({
      action: 'delegate',
      create: { scope: 'orchestration', name: 'invoices', capabilities: ['invoices'] },
    });
  });

  it.each([
    ['creation is off', { auto_create_orchestrations: false }, {}, 'auto_create_orchestrations is off'],
    [
      'the limit is reached (rule C2)',
      { max_orchestrations_per_project: 1 },
      { existingChildren: 1 },
      '(1) is reached',
    ],
    ['one is paused (rule C1)', {}, { liveChildren: 1, existingChildren: 1 }, 'no orchestration is running'],
    [
      'all gave it back (rule C1)',
      {},
      { excluded: 1, liveChildren: 1, existingChildren: 1 },
      '1 refused or gave it back',
    ],
  ])('does a complex task itself if %s (rule P4)', (_what, policy, view, words) => {
    const decision = setup(policy).decide(COMPLEX, view);
    expect(decision).toMatchObject({ action: 'execute', strategy: 'none' });
    expect(decision.reason).toContain(words);
  });
});

describe('projectScope', () => {
  it('wants to delegate exactly what is complex or too much (rule P1)', () => {
    const { project } = setup();
    expect(projectScope.shouldDelegate(aTask(), aProjectView(), project)).toBe(false);
    expect(projectScope.shouldDelegate(aTask(COMPLEX), aProjectView(), project)).toBe(true);
    expect(projectScope.shouldDelegate(aTask(), aProjectView({ openHere: 5 }), project)).toBe(true);
  });

  it('finds no target where there is none', () => {
    expect(projectScope.findDelegationTarget(aTask(), aProjectView(), setup().project)).toBeNull();
  });

  it('reports a completion to the Global above it (rule B5)', () => {
    expect(projectScope.onTaskCompleted(aTask(), aProjectView().instance)).toEqual([
      { kind: 'report_completion', instanceId: PROJECT_ID, toInstanceId: GLOBAL_ID },
    ]);
  });
});
