import { describe, expect, it } from '@jest/globals';
import { PolicySchema } from '../../../src/domain/policy.schema.ts';
import { problemsOf } from './problems.ts';

describe('PolicySchema', () => {
  it("has the specification's defaults where nothing is said (rule Y1)", () => {
    expect(PolicySchema.parse({})).toMatchObject({
      global: {
        routing_strategy: 'tag_first',
        fallback_strategy: 'round_robin',
        auto_create_projects: false,
        max_projects: 10,
      },
      project: {
        complexity_threshold: 3,
        orchestration_threshold: 5,
        auto_create_orchestrations: true,
        max_orchestrations_per_project: 5,
        decompose_subtasks: false,
        decompose_join: 'all',
      },
      orchestration: { max_concurrent_tasks: 10, retry_on_failure: true, max_retries: 3, worker_timeout_seconds: 300 },
    });
  });

  it('fills a section that says only one key (rule Y1)', () => {
    expect(PolicySchema.parse({ global: { max_projects: 1 } })).toMatchObject({
      global: { max_projects: 1, routing_strategy: 'tag_first' },
      project: { complexity_threshold: 3 },
    });
  });

  it.each([
    ['an unknown section', { team: {} }],
    ['an unknown key', { global: { max_project: 1 } }],
    ['a key of another scope', { orchestration: { complexity_threshold: 1 } }],
    ['a strategy that nobody knows', { global: { routing_strategy: 'dice' } }],
    ['a join that nobody knows (rule J2)', { project: { decompose_join: 'most' } }],
    ['a negative number', { project: { complexity_threshold: -1 } }],
  ])('refuses %s (rule Y1)', (_what, policy) => {
    expect(problemsOf(PolicySchema, policy)).toHaveLength(1);
  });
});
