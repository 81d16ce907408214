import { describe, expect, it } from '@jest/globals';
import { createBehaviorFactory } from '../../../../src/domain/scopes/behavior-factory.ts';
import { problemOfDecision } from '../../../../src/domain/scopes/check-decision.ts';
import { cleanDecision } from '../../../../src/domain/scopes/clean-decision.ts';
import { decideAt } from '../../../../src/domain/scopes/decide-at.ts';
import { globalScope } from '../../../../src/domain/scopes/global-scope.ts';
import { projectScope } from '../../../../src/domain/scopes/project-scope.ts';
import type { RoutingView } from '../../../../src/domain/scopes/scope-behavior.ts';
import {
  PROJECT_ID,
  aCandidate,
  aPolicy,
  aProjectView,
  aTask,
  aView,
  anExplicitTarget,
} from '../../../support/builders.ts';
import { aSpec } from '../../../support/parts.ts';

const able = aCandidate({ name: 'able' });
const why = { reason: 'because', strategy: 'custom', candidates: [] } as const;

/** Decides with a Global whose behaviour does as the test says. */
function decide(handleIncomingTask: () => unknown, view: RoutingView = aView({ candidates: [able] })) {
  const factory = createBehaviorFactory();
  factory.registerBehavior('global', { ...globalScope, handleIncomingTask: handleIncomingTask as never });
  return decideAt(factory, aTask(), view, aPolicy());
}

describe('decideAt', () => {
  it('holds the task where the behaviour throws, and says why (rule F2)', () => {
    const failing = (thrown: unknown) => () => {
      throw thrown;
    };
    expect(decide(failing(new Error('out of ideas')))).toEqual({
      action: 'hold',
      reason: 'the global behaviour fails: out of ideas',
      strategy: 'behavior_failed',
      candidates: [],
    });
    expect(decide(failing('a text')).reason).toBe('the global behaviour fails: a text');
  });

  it('holds the task where the behaviour answers nonsense (rule F2)', () => {
    expect(decide(() => ({ ...why, action: 'execute' }))).toMatchObject({
      action: 'hold',
      reason: expect.stringContaining('action "execute" is not one of'),
    });
  });

  it('puts nothing on record but what belongs there, within limits (rule F2)', () => {
    const candidate = { instanceId: 'a', name: 'n'.repeat(999), score: 1, chosen: true, why: 'w'.repeat(9_999), x: 1 };
    const long = {
      ...why,
      reason: `\0${'r'.repeat(9_999)}`,
      strategy: 's'.repeat(999),
      candidates: Array(99).fill(candidate),
    };
    const { candidates, ...decision } = decide(() => ({
      ...long,
      action: 'delegate',
      targetId: able.id,
      status: 'done',
    }));
    expect(decision).toEqual({
      action: 'delegate',
      targetId: able.id,
      reason: `\uFFFD${'r'.repeat(999)}`,
      strategy: 's'.repeat(100),
    });
    expect(candidates).toHaveLength(50);
    expect(candidates[0]).toEqual({ ...candidate, x: undefined, name: 'n'.repeat(200), why: 'w'.repeat(1_000) });
    const create = {
      scope: 'project',
      name: 'n'.repeat(999),
      capabilities: Array(99).fill('c'.repeat(999)),
      config: {},
    };
    expect(decide(() => ({ ...why, action: 'delegate', create }), aView())).toMatchObject({
      create: { scope: 'project', name: 'n'.repeat(150), capabilities: Array(50).fill('c'.repeat(100)) },
    });
  });

  it('takes from a split what its parts may have, and holds a task that is too deep for one (rules J4 and F2)', () => {
    const factory = createBehaviorFactory();
    const parts = ['one', { title: 'two', after: ['1', '1'] }];
    const handleIncomingTask = () => ({ ...why, action: 'decompose', parts, join: 'all', more: 1 });
    factory.registerBehavior('project', { ...projectScope, handleIncomingTask: handleIncomingTask as never });
    const at = (partDepth: number) => decideAt(factory, aTask({ partDepth }), aProjectView(), aPolicy());
    expect(at(4)).toEqual({
      ...{ ...why, action: 'decompose', join: 'all' },
      parts: [aSpec('1', [], { title: 'one' }), aSpec('2', ['1'], { title: 'two' })],
    });
    expect(at(5)).toMatchObject({ action: 'hold', reason: expect.stringContaining('which is the deepest') });
  });

  it('cuts no character in two', () => {
    const reason = `${'r'.repeat(999)}😀`;
    expect(decide(() => ({ ...why, reason, action: 'reject' })).reason).toBe(`${'r'.repeat(999)}\uFFFD`);
  });

  it('tells of rules that could not be evaluated (rule L1)', () => {
    const view = aView({ candidates: [able], ruleProblems: ['rule 1 cannot be evaluated: no such key'] });
    expect(decide(() => ({ ...why, action: 'delegate', targetId: able.id }), view).reason).toBe(
      'because; rule 1 cannot be evaluated: no such key',
    );
  });
});

describe('cleanDecision', () => {
  it('leaves parts as they are that were never checked', () => {
    const parts = [aSpec('a'), aSpec('a')];
    expect(cleanDecision({ ...why, action: 'decompose', parts, join: 'any' })).toMatchObject({ parts, join: 'any' });
  });
});

describe('problemOfDecision', () => {
  const view = aView({ candidates: [able] });
  const project = aProjectView();
  const good = { ...why, action: 'delegate', targetId: able.id };
  const create = { scope: 'project', name: 'new', capabilities: ['x'] };

  it.each([
    ['a target among the candidates', good, view],
    ['the project that is named', { ...good, targetId: PROJECT_ID }, aView({ explicit: anExplicitTarget() })],
    ['a new instance of the level below', { ...why, action: 'delegate', create }, aView()],
    ['work done at a project', { ...why, action: 'execute' }, project],
    ['parts of a task at a project', { ...why, action: 'decompose', parts: ['one'], join: 'any' }, project],
    [
      'candidates with their scores',
      { ...good, candidates: [{ instanceId: 'a', name: 'a', score: 1, chosen: true, why: 'so' }] },
      view,
    ],
  ])('finds none with %s (rule F2)', (_what, decision, seen) => {
    expect(problemOfDecision(decision, seen)).toBeNull();
  });

  it.each([
    ['nothing', undefined, 'it is no decision'],
    ['null', null, 'it is no decision'],
    ['a promise', Promise.resolve(good), 'it is a promise: a behaviour answers at once, without async'],
    ['a promise that fails later', Promise.reject(new Error('late')), 'it is a promise'],
    ['a new instance beside others', { ...why, action: 'delegate', create }, 'created beside 1 that are there already'],
    ['an action of another scope', { ...why, action: 'queue' }, 'action "queue" is not one of'],
    ['no reason', { ...good, reason: ' ' }, 'it gives no reason'],
    ['a reason that is no text', { ...good, reason: 7 }, 'it gives no reason'],
    ['no strategy', { ...good, strategy: '' }, 'it names no strategy'],
    ['a strategy that is no text', { ...good, strategy: null }, 'it names no strategy'],
    ['no candidates', { ...good, candidates: undefined }, 'its candidates are no list of candidates'],
    ['candidates that are none', { ...good, candidates: [1] }, 'its candidates are no list of candidates'],
    ['candidates that are null', { ...good, candidates: [null] }, 'its candidates are no list of candidates'],
    ['a candidate without a score', { ...good, candidates: [{ instanceId: 'a', name: 'a', why: '' }] }, 'candidates'],
    ['a stranger as target', { ...good, targetId: 'nobody' }, 'target "nobody" is none of the candidates'],
    ['nothing as target', { ...why, action: 'delegate' }, 'target undefined is none of the candidates'],
    ['a text to be created', { ...why, action: 'delegate', create: 'x' }, 'what it wants created is no instance'],
    ['null to be created', { ...why, action: 'delegate', create: null }, 'what it wants created is no instance'],
    [
      'an orchestration to be created',
      { ...why, action: 'delegate', create: { ...create, scope: 'orchestration' } },
      'it wants a "orchestration" created below a global',
    ],
    ['a creation without a name', { ...why, action: 'delegate', create: { ...create, name: ' ' } }, 'has no name'],
    ['a name that is no text', { ...why, action: 'delegate', create: { ...create, name: 1 } }, 'has no name'],
    ['no capabilities', { ...why, action: 'delegate', create: { ...create, capabilities: 'x' } }, 'no list of texts'],
    ['odd capabilities', { ...why, action: 'delegate', create: { ...create, capabilities: [1] } }, 'no list of texts'],
  ])('finds one with %s (rule F2)', (_what, decision, words) => {
    expect(problemOfDecision(decision, view)).toContain(words);
  });

  it.each<[string, object, number, string]>([
    ['no join', { parts: ['x'] }, 0, 'join undefined is not one of all, any, best_effort'],
    ['no parts', { join: 'all' }, 0, 'parts must be a list'],
    [
      'parts that are none',
      { join: 'all', parts: [7, {}] },
      0,
      'parts[0] must be a title or an object, parts[1].title',
    ],
    ['a part at the deepest level', { join: 'all', parts: ['x'] }, 5, 'it splits a part at depth 5'],
  ])('finds one in a split with %s (rules J4 and F2)', (_what, fields, depth, words) => {
    expect(problemOfDecision({ ...why, action: 'decompose', ...fields }, project, depth)).toContain(words);
  });

  it.each([{ status: 'paused' }, { parentId: null }, { hasRefused: true }, { hasPostponed: true }] as const)(
    'takes the named project only while it may be asked: %j is none (rules R2 and R3)',
    (overrides) => {
      const seen = aView({ explicit: anExplicitTarget(overrides) });
      expect(problemOfDecision({ ...good, targetId: PROJECT_ID }, seen)).toContain('none of the candidates');
    },
  );

  it('takes what a rule names beside the candidates (rule L2)', () => {
    const named = aCandidate({ name: 'named' });
    const ruled = { name: 'r', isRequired: true, named: { by: 'name', value: 'named' }, candidates: [named] } as const;
    expect(problemOfDecision({ ...good, targetId: named.id }, aView({ ruled }))).toBeNull();
  });
});
