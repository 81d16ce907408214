import { describe, expect, it } from '@jest/globals';
import { effectsAt, orderingAt } from '../../../../src/domain/scopes/ask-behavior.ts';
import { createBehaviorFactory } from '../../../../src/domain/scopes/behavior-factory.ts';
import { projectScope } from '../../../../src/domain/scopes/project-scope.ts';
import { GLOBAL_ID, PROJECT_ID, aPolicy, aTask, anInstance } from '../../../support/builders.ts';

const project = anInstance({ id: PROJECT_ID, name: 'billing', scope: 'project', parentId: GLOBAL_ID });
const STANDARD = { by: ['priority', 'age'] };

function factoryOf(behavior: object) {
  const factory = createBehaviorFactory();
  factory.registerBehavior('project', { ...projectScope, ...behavior });
  return factory;
}

describe('effectsAt', () => {
  const effectsOf = (onTaskCompleted: () => unknown) => effectsAt(factoryOf({ onTaskCompleted }), aTask(), project);
  const report = { kind: 'report_completion', instanceId: PROJECT_ID, toInstanceId: GLOBAL_ID };

  it('is what the behaviour wants, and nothing that it smuggles in (rules B5 and F2)', () => {
    expect(effectsOf(() => [{ ...report, more: 'x' }])).toEqual({ effects: [report] });
    expect(effectsAt(createBehaviorFactory(), aTask(), project)).toEqual({ effects: [report] });
  });

  it.each([
    ['nothing', undefined],
    ['a promise', Promise.resolve([])],
    ['too many', Array.from({ length: 11 }, () => report)],
    ['no effect', [null]],
    ['a text', ['x']],
    ['an effect of another kind', [{ ...report, kind: 'dance' }]],
    ['an id that is none', [{ ...report, instanceId: 7 }]],
    ['an endless id', [{ ...report, toInstanceId: 'x'.repeat(101) }]],
  ])('is a problem where the behaviour answers %s (rule F2)', (_what, answer) => {
    expect(effectsOf(() => answer)).toEqual({ problem: expect.stringContaining('answers nonsense') });
  });

  it('is a problem where the behaviour throws (rule F2)', () => {
    const failing = (): never => {
      throw new Error('tired');
    };
    expect(effectsOf(failing)).toEqual({ problem: 'the project behaviour fails: tired' });
  });
});

describe('orderingAt', () => {
  const orderingOf = (getTaskQueue: () => unknown) => orderingAt(factoryOf({ getTaskQueue }), project, aPolicy());

  it.each(['global', 'project', 'orchestration'] as const)('asks the behaviour of a %s (rule O2)', (scope) => {
    const asked = orderingAt(createBehaviorFactory(), { ...project, scope }, aPolicy());
    expect(asked).toEqual({ ordering: STANDARD, problem: null });
  });

  it('is what the behaviour says (rule O3)', () => {
    expect(orderingOf(() => ({ by: ['age'], more: 1 }))).toEqual({ ordering: { by: ['age'] }, problem: null });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a promise', Promise.resolve(STANDARD)],
    ['no list', { by: 'age' }],
    ['an empty list', { by: [] }],
    ['a long list', { by: ['age', 'age', 'age'] }],
    ['an unknown order', { by: ['beauty'] }],
  ])('is the standard one where the behaviour answers %s, and says why (rules O3 and F2)', (_what, answer) => {
    const problem = 'the project behaviour answers nonsense: its order is no list of priority and age';
    expect(orderingOf(() => answer)).toEqual({ ordering: STANDARD, problem });
  });

  it('is the standard one where the behaviour throws, and says why (rules O3 and F2)', () => {
    const failing = (): never => {
      throw new Error('tired');
    };
    expect(orderingOf(failing)).toEqual({ ordering: STANDARD, problem: 'the project behaviour fails: tired' });
  });
});
