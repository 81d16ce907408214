import { describe, expect, it } from '@jest/globals';
import { INSTANCE_STATUSES, type Scope } from '../../../../src/domain/instance.ts';
import { createBehaviorFactory } from '../../../../src/domain/scopes/behavior-factory.ts';
import { decideAt } from '../../../../src/domain/scopes/decide-at.ts';
import { globalScope } from '../../../../src/domain/scopes/global-scope.ts';
import { orchestrationScope } from '../../../../src/domain/scopes/orchestration-scope.ts';
import { projectScope } from '../../../../src/domain/scopes/project-scope.ts';
import { aCandidate, aPolicy, aTask, aView, anInstance } from '../../../support/builders.ts';

const BEHAVIORS = [
  ['global', globalScope],
  ['project', projectScope],
  ['orchestration', orchestrationScope],
] as const;

describe('createBehaviorFactory', () => {
  it.each(BEHAVIORS)('knows the behaviour of the scope %s (rule F1)', (scope, behavior) => {
    expect(createBehaviorFactory().getBehaviorForScope(scope)).toBe(behavior);
  });

  it.each(BEHAVIORS)('knows the behaviour of an instance of the scope %s (rule F1)', (scope, behavior) => {
    expect(createBehaviorFactory().getBehaviorForInstance(anInstance({ scope }))).toBe(behavior);
  });

  it.each(['galaxy', 'toString', '__proto__'])('refuses the unknown scope %s in words (rule F1)', (scope) => {
    expect(() => createBehaviorFactory().getBehaviorForScope(scope as Scope)).toThrow(
      new RangeError(`No behavior registered for scope: ${scope}`),
    );
  });

  it('gives a registered behaviour from then on, and to nobody who has another factory (rule F1)', () => {
    const [mine, other] = [createBehaviorFactory(), createBehaviorFactory()];
    const custom = { ...projectScope, shouldDelegate: () => true };
    mine.registerBehavior('project', custom);
    expect(mine.getBehaviorForScope('project')).toBe(custom);
    expect(other.getBehaviorForScope('project')).toBe(projectScope);
  });
});

describe('decideAt', () => {
  const factory = createBehaviorFactory();
  const candidates = [aCandidate({ name: 'a' })];

  it.each([
    ['global', 'delegate'],
    ['project', 'execute'],
    ['orchestration', 'queue'],
  ] as const)('asks the behaviour of a %s, which answers %s (rule B1)', (scope, action) => {
    expect(decideAt(factory, aTask(), aView({ instance: { scope }, candidates }), aPolicy())).toMatchObject({ action });
  });

  it.each(['global', 'project', 'orchestration'] as const)('hands over the part of the policy of a %s', (scope) => {
    const seen: unknown[] = [];
    const spying = createBehaviorFactory();
    const answer = { action: 'reject', reason: 'seen', strategy: 'custom', candidates: [] } as const;
    const handleIncomingTask = (_task: unknown, _view: unknown, policy: unknown) => {
      seen.push(policy);
      return answer;
    };
    spying.registerBehavior(scope, { ...orchestrationScope, handleIncomingTask });
    expect(decideAt(spying, aTask(), aView({ instance: { scope } }), aPolicy())).toEqual(answer);
    expect(seen).toEqual([aPolicy()[scope]]);
  });

  it.each(INSTANCE_STATUSES)(
    'lets an instance that is %s decide only if it is running or paused (rule B4)',
    (status) => {
      const { action, reason } = decideAt(factory, aTask(), aView({ instance: { status }, candidates }), aPolicy());
      const mayDecide = status === 'running' || status === 'paused';
      expect(action).toBe(mayDecide ? 'delegate' : 'escalate');
      if (!mayDecide) expect(reason).toBe(`global is ${status}`);
    },
  );
});
