import { describe, expect, it } from '@jest/globals';
import { SCOPES } from '../../../src/domain/instance.ts';
import { InstanceConfigSchema, InstanceCreate, InstancePatch } from '../../../src/domain/instance.schema.ts';
import { PolicySchema } from '../../../src/domain/policy.schema.ts';
import { anId } from '../../support/builders.ts';
import { problemsOf } from './problems.ts';

describe('InstanceConfigSchema', () => {
  it('lets an instance override every key of every scope, but invents no value (rule Y2)', () => {
    const policy = PolicySchema.parse({});
    const keys = new Set(Object.values(policy).flatMap((section) => Object.keys(section)));
    for (const key of keys) expect(Object.keys(InstanceConfigSchema.shape)).toContain(key);
    expect(InstanceConfigSchema.parse({})).toEqual({});
  });

  it.each([
    ['an unknown key', { capability: ['x'] }],
    ['a value of the wrong kind', { max_retries: 'three' }],
    ['a negative limit', { max_projects: -1 }],
    ['an unknown word', { acceptance: 'maybe' }],
    ['an empty capability', { capabilities: [''] }],
  ])('refuses %s', (_what, config) => {
    expect(problemsOf(InstanceConfigSchema, config)).toHaveLength(1);
  });
});

describe('InstanceCreate', () => {
  it('needs a name and a scope', () => {
    expect(InstanceCreate.parse({ name: 'billing', scope: 'project' })).toMatchObject({ config: {} });
    expect(problemsOf(InstanceCreate, {})).toHaveLength(2);
  });

  it.each([
    ['a name of blanks', { name: ' ' }],
    ['a name that is too long', { name: 'x'.repeat(201) }],
    ['an unknown scope', { scope: 'team' }],
    ['a parent that is no id', { parent_id: 'global' }],
    ['a status', { status: 'running' }],
  ])('refuses %s', (_what, wrong) => {
    expect(problemsOf(InstanceCreate, { name: 'a', scope: 'project', parent_id: anId(1), ...wrong })).toHaveLength(1);
  });
});

describe('a key of the policy in the config of an instance (rule Y2)', () => {
  const create = (scope: string, config: object) => problemsOf(InstanceCreate, { name: 'a', scope, config });
  const VALUES = PolicySchema.parse({});

  it.each(SCOPES)('may be any of its scope, and acceptance and on_unroutable everywhere: %s', (scope) => {
    expect(create(scope, VALUES[scope])).toEqual([]);
    const everywhere = { acceptance: 'manual', acceptance_timeout_seconds: 5, on_unroutable: 'hold' };
    expect(create(scope, { ...everywhere, description: 'd', capabilities: ['c'], keywords: ['k'] })).toEqual([]);
  });

  it.each([
    ['orchestration', 'rules', []],
    ['orchestration', 'complexity_threshold', 1],
    ['orchestration', 'max_projects', 1],
    ['project', 'routing_strategy', 'keyword'],
    ['global', 'complexity_threshold', 1],
    ['global', 'max_concurrent_tasks', 1],
  ])('is refused with words where a %s does not have it: %s', (scope, key, value) => {
    expect(create(scope, { [key]: value })).toEqual([
      `config.${key}: means nothing to an instance of scope ${scope}: leave it out`,
    ]);
  });
});

describe('the executor in the config of an instance (rule U1)', () => {
  const executor = { type: 'temporal', task_queue: 'agents' };
  const create = (change: object, scope = 'orchestration') =>
    problemsOf(InstanceCreate, { name: 'a', scope, config: { executor: { ...executor, ...change } } });

  it('names a task queue of Temporal, and may name times', () => {
    const times = { heartbeat_timeout_seconds: 5, schedule_to_start_timeout_seconds: 60 };
    expect(create(times)).toEqual([]);
    expect(create({}, 'project')).toEqual([]);
  });

  it.each([
    ['another kind', { type: 'http' }, 'config.executor.type: must be "temporal", the only kind there is'],
    ['no queue', { task_queue: ' ' }, 'config.executor.task_queue: must not be empty'],
    [
      "Hopper's own queue",
      { task_queue: 'hopper' },
      'config.executor.task_queue: is reserved: give the workers their own',
    ],
    ["one of Temporal's own", { task_queue: '/_sys/x' }, 'config.executor.task_queue: is reserved'],
    [
      'blanks around it',
      { task_queue: ' agents' },
      'config.executor.task_queue: must not begin or end with white space',
    ],
    ['no time', { heartbeat_timeout_seconds: 0 }, 'config.executor.heartbeat_timeout_seconds'],
    ['an unknown key', { queue: 'agents' }, 'config.executor: Unrecognized key: "queue"'],
  ])('is refused with words where it has %s', (_what, change, words) => {
    const problems = create(change);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).toContain(words);
  });

  it('is refused at a Global, which does no work', () => {
    expect(create({}, 'global')).toEqual([
      'config.executor: means nothing to an instance of scope global: leave it out',
    ]);
  });
});

describe('InstancePatch', () => {
  it('changes a name or a config, and refuses to change nothing', () => {
    expect(InstancePatch.parse({ name: 'billing' })).toEqual({ name: 'billing' });
    expect(problemsOf(InstancePatch, {})).toEqual([': give a name or a config']);
  });
});
