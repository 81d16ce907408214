import { describe, expect, it } from '@jest/globals';
import type { Rule } from '../../../../src/domain/rule.schema.ts';
import { globalScope } from '../../../../src/domain/scopes/global-scope.ts';
import { projectScope } from '../../../../src/domain/scopes/project-scope.ts';
import { type RuleEngine, firstRule, namedWords } from '../../../../src/domain/scopes/rules.ts';
import type { RuledView } from '../../../../src/domain/scopes/scope-behavior.ts';
import { aCandidate, aPolicy, aProjectView, aTask, aView, anExplicitTarget, anId } from '../../../support/builders.ts';

/** Holds for what begins with "yes"; cannot evaluate what begins with "bad". */
const engine: RuleEngine = {
  problemOf: () => null,
  holds: (expression) => {
    if (expression === 'bad text') throw 'only a text'; // eslint-disable-line @typescript-eslint/only-throw-error -- a library may
    if (expression.startsWith('bad')) throw new Error('no such key');
    return expression.startsWith('yes');
  },
};
const able = aCandidate({ name: 'able', capabilities: ['x'] });
const other = aCandidate({ name: 'other', busy: 1 });
const ruled = (overrides: Partial<RuledView> = {}): RuledView => ({
  name: 'incidents',
  isRequired: true,
  named: { by: 'name', value: 'able' },
  candidates: [able],
  ...overrides,
});

describe('firstRule', () => {
  const rules: Rule[] = [
    { when: 'no', require: { name: 'a' } },
    { when: 'bad', require: { name: 'b' } },
    { name: 'mine', when: 'yes', prefer: { capability: 'c' } },
    { when: 'yes', require: { id: anId(1) } },
  ];

  it('is the first that holds, and tells of those that cannot be evaluated (rule L1)', () => {
    expect(firstRule(rules, aTask(), engine)).toEqual({
      applied: { name: 'mine', isRequired: false, named: { by: 'capability', value: 'c' } },
      problems: ['rule 2 cannot be evaluated: no such key'],
    });
  });

  it('tells of whatever an engine throws', () => {
    const [problem] = firstRule([{ when: 'bad text', require: { name: 'a' } }], aTask(), engine).problems;
    expect(problem).toBe('rule 1 cannot be evaluated: only a text');
  });

  it('is none where none holds', () => {
    expect(firstRule(rules.slice(0, 1), aTask(), engine)).toEqual({ applied: null, problems: [] });
  });

  it('names an id, a name or a capability', () => {
    const namedBy = (rule: Rule) => firstRule([rule], aTask(), engine).applied?.named;
    expect(namedBy({ when: 'yes', require: { id: anId(1) } })).toEqual({ by: 'id', value: anId(1) });
    expect(namedBy({ when: 'yes' })).toEqual({ by: 'capability', value: '' });
    expect(namedBy({ when: 'yes', require: { name: 'a' } })).toEqual({ by: 'name', value: 'a' });
    expect(namedWords({ by: 'capability', value: 'c' })).toBe('capability c');
    expect(namedWords({ by: 'name', value: 'a' })).toBe('a');
  });
});

describe('a rule that holds', () => {
  const decide = (task = aTask(), view = {}) =>
    globalScope.handleIncomingTask(
      task,
      aView({ candidates: [able, other], ruled: ruled(), ...view }),
      aPolicy().global,
    );

  it('decides before tags, words and turns (rule L1)', () => {
    expect(decide(aTask({ tags: ['x'] }), { ruled: ruled({ candidates: [other] }) })).toMatchObject({
      action: 'delegate',
      targetId: other.id,
      strategy: 'rule',
      reason: 'incidents requires able',
      candidates: [{ name: 'other', chosen: true }],
    });
  });

  it('comes after an explicit project (rule L1)', () => {
    const explicit = anExplicitTarget({ id: other.id, name: 'other' });
    expect(decide(aTask({ metadata: { project_id: other.id } }), { explicit })).toMatchObject({ strategy: 'explicit' });
  });

  it('chooses the one with most matching tags, else the least busy, of several (rule L2)', () => {
    const several = { ruled: ruled({ candidates: [other, able] }) };
    expect(decide(aTask(), several)).toMatchObject({
      targetId: able.id,
      reason: expect.stringContaining('least busy'),
    });
    const tagged = aCandidate({ name: 'tagged', capabilities: ['y'], busy: 9 });
    expect(decide(aTask({ tags: ['y'] }), { ruled: ruled({ candidates: [able, tagged] }) })).toMatchObject({
      targetId: tagged.id,
    });
  });

  it('and requires somebody who is not to be had leaves the task without a taker (rule L2)', () => {
    const nobody = { ruled: ruled({ candidates: [] }) };
    expect(decide(aTask(), nobody)).toMatchObject({ action: 'reject', strategy: 'rule' });
    expect(decide(aTask(), { ...nobody, postponed: 1 })).toMatchObject({ action: 'wait', strategy: 'rule' });
  });

  it('and prefers somebody who is not to be had leaves the choice to the strategies (rule L2)', () => {
    const nobody = { ruled: ruled({ isRequired: false, candidates: [] }) };
    expect(decide(aTask({ tags: ['x'] }), nobody)).toMatchObject({ action: 'delegate', strategy: 'tags' });
    expect(decide(aTask(), { ruled: ruled({ isRequired: false }) })).toMatchObject({
      reason: 'incidents prefers able',
    });
  });

  it('at a project chooses an orchestration even for a simple task (rule L1)', () => {
    const view = aProjectView({ candidates: [able], ruled: ruled() });
    expect(projectScope.handleIncomingTask(aTask(), view, aPolicy().project)).toMatchObject({
      action: 'delegate',
      targetId: able.id,
    });
  });
});
