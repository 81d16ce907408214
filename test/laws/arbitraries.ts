import fc from 'fast-check';
import type { Policy } from '../../src/domain/policy.schema.ts';
import { INSTANCE_STATUSES } from '../../src/domain/instance.ts';
import type { Candidate, ExplicitTarget, RoutingView, RuledView } from '../../src/domain/scopes/scope-behavior.ts';
import type { Task } from '../../src/domain/task.ts';
import { GLOBAL_ID, PROJECT_ID, aPolicy, aTask, aView, anId } from '../support/builders.ts';

const WORDS = ['billing', 'Billing', ' invoices', 'docs', 'complex', 'multi-step', 'api', 'über', ''] as const;
const labels = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })), { maxLength: 6 });
const count = fc.nat({ max: 6 });

/** A task with tags, duration, subtasks and a wish that may or may not make sense. */
export const anyTask: fc.Arbitrary<Task> = fc
  .record({
    tags: labels,
    estimatedDuration: fc.option(fc.nat({ max: 2_000 })),
    metadata: fc.record(
      {
        project_id: fc.oneof(fc.constantFrom(PROJECT_ID, anId(0xdead), null, ''), fc.jsonValue()),
        subtasks: fc.oneof(fc.array(fc.constant('x'), { maxLength: 8 }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  })
  .map((fields) => aTask(fields as Partial<Task>));

const anyCandidates: fc.Arbitrary<Candidate[]> = fc.uniqueArray(
  fc.record({
    id: fc.nat({ max: 40 }).map(anId),
    name: fc.string({ minLength: 1, maxLength: 5 }),
    capabilities: labels,
    busy: count,
    lastOfferAt: fc.option(count),
    keywordScore: fc.constantFrom(0, 0, 0.25, 0.5),
    matchedWords: labels,
  }),
  { selector: (candidate) => candidate.id, maxLength: 8 },
);

const anyExplicit: fc.Arbitrary<ExplicitTarget> = fc.record({
  id: fc.constant(PROJECT_ID),
  name: fc.constant('named'),
  parentId: fc.constantFrom(GLOBAL_ID, anId(7), null),
  scope: fc.constantFrom('global', 'project', 'orchestration'),
  status: fc.constantFrom(...INSTANCE_STATUSES),
  hasRefused: fc.boolean(),
  hasPostponed: fc.boolean(),
});

/** What an instance of any scope and status may see; its counts are never smaller than its candidates allow. */
export const anyView: fc.Arbitrary<RoutingView> = fc
  .record({
    scope: fc.constantFrom('global', 'project', 'orchestration'),
    status: fc.constantFrom(...INSTANCE_STATUSES),
    candidates: anyCandidates,
    others: count,
    terminatedOrStopped: count,
    excluded: count,
    postponed: fc.constantFrom(0, 0, 1, 2),
    openHere: count,
    explicit: fc.option(anyExplicit),
    rule: fc.option(fc.record({ isRequired: fc.boolean(), everyNth: fc.integer({ min: 1, max: 4 }) })),
  })
  .map(({ scope, status, candidates, others, terminatedOrStopped, rule, ...rest }) =>
    aView({
      ...rest,
      candidates,
      instance: { scope, status },
      running: candidates.length,
      ruled: rule === null ? null : ruledView(rule, candidates),
      liveChildren: candidates.length + others,
      existingChildren: candidates.length + others + terminatedOrStopped,
    }),
  );

function ruledView(rule: { isRequired: boolean; everyNth: number }, candidates: Candidate[]): RuledView {
  const named = { by: 'capability', value: 'x' } as const;
  return {
    name: 'a rule',
    isRequired: rule.isRequired,
    named,
    candidates: candidates.filter((_, index) => index % rule.everyNth === 1),
  };
}

/** A policy in which every key that steers a decision may have any value. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    global: fc.record({
      routing_strategy: fc.constantFrom('tag_first', 'keyword', 'round_robin'),
      fallback_strategy: fc.constantFrom('round_robin', 'least_busy'),
      explicit_target: fc.constantFrom('require', 'prefer'),
      auto_create_projects: fc.boolean(),
      max_projects: count,
    }),
    project: fc.record({
      complexity_threshold: count,
      complexity_tag_weight: count,
      complexity_max_hours: count,
      orchestration_threshold: count,
      auto_create_orchestrations: fc.boolean(),
      max_orchestrations_per_project: count,
    }),
  })
  .map((sections) => aPolicy(sections));
