import { describe, expect, it } from '@jest/globals';
import type { GlobalPolicy } from '../../../../src/domain/policy.schema.ts';
import { globalScope } from '../../../../src/domain/scopes/global-scope.ts';
import type { ExplicitTarget, RoutingView } from '../../../../src/domain/scopes/scope-behavior.ts';
import type { Task } from '../../../../src/domain/task.ts';
import {
  GLOBAL_ID,
  PROJECT_ID,
  aCandidate,
  aPolicy,
  aTask,
  aView,
  anExplicitTarget,
  anId,
} from '../../../support/builders.ts';

const quiet = aCandidate({ name: 'quiet', lastOfferAt: 2 });
const rested = aCandidate({ name: 'rested', busy: 3, lastOfferAt: 1 });
const able = aCandidate({ name: 'able', capabilities: ['billing'], busy: 9, lastOfferAt: 9 });

function setup(policy: Partial<GlobalPolicy> = {}) {
  const { global } = aPolicy({ global: policy });
  const decide = (task: Partial<Task>, view: Partial<Omit<RoutingView, 'instance'>>) =>
    globalScope.handleIncomingTask(aTask(task), aView(view), global);
  return { decide };
}

describe('globalScope.handleIncomingTask', () => {
  it('prefers the project whose capabilities match the tags (rule R2)', () => {
    const { decide } = setup();
    expect(decide({ tags: ['billing'] }, { candidates: [quiet, rested, able] })).toMatchObject({
      action: 'delegate',
      targetId: able.id,
      strategy: 'tags',
    });
  });

  it.each([
    ['tag_first', 'round_robin', 'rested'],
    ['tag_first', 'least_busy', 'quiet'],
    ['keyword', 'least_busy', 'quiet'],
    ['round_robin', 'least_busy', 'rested'],
  ] as const)('without a match, %s falls back on %s: %s (rule R2)', (routing_strategy, fallback_strategy, name) => {
    const { decide } = setup({ routing_strategy, fallback_strategy });
    const decision = decide({ tags: ['unknown'] }, { candidates: [quiet, rested] });
    expect(decision.candidates.find((each) => each.chosen)?.name).toBe(name);
  });

  it.each([
    ['tag_first', 'able', 'tags'],
    ['keyword', 'wordy', 'keywords'],
  ] as const)('where tags and words both match, %s chooses %s by %s (rule K2)', (routing_strategy, name, strategy) => {
    const wordy = aCandidate({ name: 'wordy', keywordScore: 0.3, matchedWords: ['refund', 'ledger'] });
    const decision = setup({ routing_strategy }).decide({ tags: ['billing'] }, { candidates: [able, wordy] });
    expect(decision.candidates.find((each) => each.chosen)?.name).toBe(name);
    expect(decision.strategy).toBe(strategy);
  });

  it('goes by words where no tag matches, and says which fitted whom (rules K1 and K2)', () => {
    const fitting = aCandidate({ name: 'fitting', keywordScore: 0.5, matchedWords: ['ledger', 'refund'] });
    const lesser = aCandidate({ name: 'lesser', keywordScore: 0.2, matchedWords: ['ledger'] });
    expect(setup().decide({ tags: ['unknown'] }, { candidates: [lesser, quiet, fitting] })).toMatchObject({
      targetId: fitting.id,
      reason: 'words match: ledger, refund',
      candidates: [
        { why: 'words match: ledger, refund' },
        { why: 'fits less well: ledger' },
        { why: 'no word matches' },
      ],
    });
  });

  it('takes turns whatever the tags are, if the routing strategy is round_robin (rule R2)', () => {
    const { decide } = setup({ routing_strategy: 'round_robin' });
    expect(decide({ tags: ['billing'] }, { candidates: [able, rested] })).toMatchObject({ targetId: rested.id });
  });

  it('waits for a project that wants to be asked again later, if it is the only one (rule R8)', () => {
    expect(setup().decide({}, { postponed: 1, liveChildren: 1 })).toMatchObject({
      action: 'wait',
      reason: 'no other project is left: 1 to be asked again later',
    });
  });

  it('gives a reason and every candidate with its score for the record (rule R1)', () => {
    const decision = setup().decide({ tags: ['billing', 'x'] }, { candidates: [quiet, able] });
    expect(decision).toMatchObject({
      reason: '1 of 2 tags match: billing',
      candidates: [
        { name: 'able', chosen: true, score: 1 },
        { name: 'quiet', chosen: false, score: 0 },
      ],
    });
  });
});

describe('globalScope.handleIncomingTask with metadata.project_id', () => {
  const named = { metadata: { project_id: PROJECT_ID } };
  const others = { candidates: [quiet, able] };

  it('hands the task to the named project, whatever the tags say (rule R2)', () => {
    const decision = setup().decide({ ...named, tags: ['billing'] }, { ...others, explicit: anExplicitTarget() });
    expect(decision).toMatchObject({ action: 'delegate', targetId: PROJECT_ID, strategy: 'explicit' });
    expect(decision.candidates).toMatchObject([{ instanceId: PROJECT_ID, chosen: true }]);
  });

  const problems: [string, Partial<ExplicitTarget> | null, string][] = [
    ['names nothing', null, 'names no instance'],
    ['names an orchestration', { scope: 'orchestration' }, 'is no project'],
    ['names a project of another Global', { parentId: anId(7) }, 'is no project of global'],
    ['names a project that has refused', { hasRefused: true }, 'has refused this task'],
    ['names a paused project', { status: 'paused' }, 'is paused'],
    ['names a stopped project', { status: 'stopped' }, 'is stopped'],
  ];
  it('waits for a named project that wants to be asked again later, or goes on if it is only preferred (rule R8)', () => {
    const explicit = anExplicitTarget({ hasPostponed: true });
    expect(setup().decide(named, { ...others, explicit })).toMatchObject({ action: 'wait', strategy: 'explicit' });
    expect(setup({ explicit_target: 'prefer' }).decide(named, { ...others, explicit })).toMatchObject({
      action: 'delegate',
      strategy: 'round_robin',
    });
  });

  it.each(problems)('rejects a task that %s, with the reason (rule R2)', (_what, explicit, words) => {
    const view = { ...others, explicit: explicit === null ? null : anExplicitTarget(explicit) };
    const decision = setup().decide(named, view);
    expect(decision).toMatchObject({ action: 'reject', strategy: 'explicit' });
    expect(decision.reason).toContain(words);
  });

  it.each(problems)('with explicit_target: prefer, goes on to the others if it %s', (_what, explicit) => {
    const view = { ...others, explicit: explicit === null ? null : anExplicitTarget(explicit) };
    expect(setup({ explicit_target: 'prefer' }).decide(named, view)).toMatchObject({ action: 'delegate' });
  });

  it('takes null for no wish at all', () => {
    expect(setup().decide({ metadata: { project_id: null } }, others)).toMatchObject({ targetId: quiet.id });
  });

  it('rejects what is no id', () => {
    expect(setup().decide({ metadata: { project_id: 7 } }, others)).toMatchObject({ action: 'reject' });
  });
});

describe('globalScope.handleIncomingTask without a candidate', () => {
  it('wants a project, named after the first tag, if creation is on and there is none (rule C1)', () => {
    const { decide } = setup({ auto_create_projects: true });
    expect(decide({ tags: ['billing'] }, {})).toMatchObject({
      action: 'delegate',
      create: { scope: 'project', name: 'billing', capabilities: ['billing'] },
      strategy: 'create',
    });
  });

  it.each([
    ['creation is off', { auto_create_projects: false }, {}, 'auto_create_projects is off'],
    ['the limit is reached (rule C2)', { max_projects: 2 }, { existingChildren: 2 }, 'max_projects (2) is reached'],
    ['creation is limited to none', { max_projects: 0 }, {}, 'max_projects (0) is reached'],
    ['a project is paused (rule C1)', {}, { liveChildren: 1, existingChildren: 1 }, 'no project is running'],
    ['all have refused (rule C1)', {}, { excluded: 2, liveChildren: 2, existingChildren: 2 }, '2 refused'],
  ])('rejects the task if %s', (_what, policy, view, words) => {
    const decision = setup({ auto_create_projects: true, ...policy }).decide({}, view);
    expect(decision).toMatchObject({ action: 'reject', strategy: 'none' });
    expect(decision.reason).toContain(words);
  });

  it('may create while stopped projects fill the limit up to one (rule C2)', () => {
    const { decide } = setup({ auto_create_projects: true, max_projects: 2 });
    expect(decide({}, { existingChildren: 1 })).toMatchObject({ action: 'delegate', create: { scope: 'project' } });
  });
});

describe('globalScope', () => {
  const { global } = aPolicy();

  it('always wants to delegate (rule G1)', () => {
    expect(globalScope.shouldDelegate(aTask(), aView(), global)).toBe(true);
  });

  it('reports a completion to nobody, because nobody is above it (rule B5)', () => {
    expect(globalScope.onTaskCompleted(aTask(), aView().instance)).toEqual([]);
  });

  it('reports to its parent if it has one (rule B5)', () => {
    const instance = { ...aView().instance, id: PROJECT_ID, parentId: GLOBAL_ID };
    expect(globalScope.onTaskCompleted(aTask(), instance)).toEqual([
      { kind: 'report_completion', instanceId: PROJECT_ID, toInstanceId: GLOBAL_ID },
    ]);
  });

  it('orders its tasks by priority, then by age', () => {
    expect(globalScope.getTaskQueue(aView().instance, global)).toEqual({ by: ['priority', 'age'] });
  });
});
