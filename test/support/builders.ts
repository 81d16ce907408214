import type { Actor } from '../../src/domain/actor.ts';
import type { NamedTarget } from '../../src/domain/commands/move-task.ts';
import type { Delegation } from '../../src/domain/delegation.ts';
import type { Instance } from '../../src/domain/instance.ts';
import { type Policy, PolicySchema } from '../../src/domain/policy.schema.ts';
import type { Candidate, ExplicitTarget, RoutingView } from '../../src/domain/scopes/scope-behavior.ts';
import type { TaskAggregate } from '../../src/domain/task-aggregate.ts';
import type { Task } from '../../src/domain/task.ts';
import { type WorkPolicy, workPolicyOf } from '../../src/domain/work-policy.ts';

/** The same number always gives the same UUID, and a larger number one that sorts later. */
export function anId(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** What the database's clock says in tests without a database. */
export const NOW = new Date('2026-03-01T12:00:00.000Z');
const EARLIER = new Date('2026-03-01T11:00:00.000Z');

/** So many seconds after `NOW`. */
export const secondsLater = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

/** The tree that the builders agree on: one Global, a project below it, an orchestration below that. */
export const GLOBAL_ID = anId(0x100);
export const PROJECT_ID = anId(0x200);
export const ORCHESTRATION_ID = anId(0x300);

/** A person with this name. */
export function anActor(name: string): Actor {
  return { name, role: 'operator', subtree: null };
}

/** A task that has just entered at the Global. */
export function aTask(overrides: Partial<Task> = {}): Task {
  return {
    id: anId(1),
    title: 'split the invoices',
    description: null,
    tags: [],
    priority: 'medium',
    estimatedDuration: null,
    metadata: {},
    requester: null,
    externalRef: null,
    dueAt: null,
    notBefore: null,
    missedDueAt: null,
    parentTaskId: null,
    partKey: null,
    partDepth: 0,
    join: null,
    retryOf: null,
    status: 'routing',
    blockedOn: null,
    retryAt: null,
    queuedAt: null,
    availableAt: null,
    questions: [],
    hopAttempts: 0,
    totalAttempts: 0,
    entryInstanceId: GLOBAL_ID,
    instanceId: GLOBAL_ID,
    step: 0,
    exclusions: [],
    result: null,
    failure: null,
    finishedBy: null,
    createdAt: EARLIER,
    updatedAt: EARLIER,
    finishedAt: null,
    ...overrides,
  };
}

/** An open offer of the Global to the project; its times fit the status that it is given. */
export function aDelegation(overrides: Partial<Delegation> = {}): Delegation {
  const { hop = 0, status = 'pending' } = overrides;
  const wasAccepted = status === 'accepted' || status === 'completed';
  return {
    id: anId(0x10 + hop),
    taskId: anId(1),
    hop,
    sourceInstanceId: GLOBAL_ID,
    targetInstanceId: PROJECT_ID,
    delegationType: 'route',
    status,
    delegatedAt: EARLIER,
    acceptedAt: wasAccepted ? EARLIER : null,
    completedAt: status === 'completed' ? EARLIER : null,
    expiresAt: status === 'pending' ? secondsLater(900) : null,
    decidedBy: null,
    rejectionCode: null,
    retryable: false,
    result: null,
    notes: null,
    ...overrides,
  };
}

/** A running Global. */
export function anInstance(overrides: Partial<Instance> = {}): Instance {
  return {
    id: GLOBAL_ID,
    name: 'global',
    scope: 'global',
    status: 'running',
    parentId: null,
    config: {},
    createdAt: EARLIER,
    updatedAt: EARLIER,
    ...overrides,
  };
}

/** An idle child that never had an offer; its id is made from its name's first letter, so that `a` comes before `b`. */
export function aCandidate(overrides: Partial<Candidate> & { readonly name: string }): Candidate {
  return {
    id: anId(overrides.name.charCodeAt(0)),
    capabilities: [],
    busy: 0,
    lastOfferAt: null,
    keywordScore: 0,
    matchedWords: [],
    ...overrides,
  };
}

interface ViewOverrides extends Partial<Omit<RoutingView, 'instance'>> {
  readonly instance?: Partial<RoutingView['instance']>;
}

/** What a running Global sees; its counts fit its candidates. */
export function aView({ instance, ...overrides }: ViewOverrides = {}): RoutingView {
  const here = { id: GLOBAL_ID, name: 'global', scope: 'global', status: 'running', parentId: null } as const;
  const children = overrides.candidates?.length ?? 0;
  return {
    instance: { ...here, ...instance },
    candidates: [],
    running: children,
    excluded: 0,
    postponed: 0,
    liveChildren: children,
    existingChildren: children,
    openHere: 0,
    ruled: null,
    ruleProblems: [],
    passedOver: [],
    explicit: null,
    ...overrides,
  };
}

/** What a running project below the Global sees. */
export function aProjectView(overrides: ViewOverrides = {}): RoutingView {
  const here = { id: PROJECT_ID, name: 'billing', scope: 'project', parentId: GLOBAL_ID } as const;
  return aView({ ...overrides, instance: { ...here, ...overrides.instance } });
}

/** A running project of the Global, as `metadata.project_id` names it. */
export function anExplicitTarget(overrides: Partial<ExplicitTarget> = {}): ExplicitTarget {
  return {
    id: PROJECT_ID,
    name: 'billing',
    parentId: GLOBAL_ID,
    scope: 'project',
    status: 'running',
    hasRefused: false,
    hasPostponed: false,
    ...overrides,
  };
}

/** The shipped policy, with what the test changes in a section. */
export function aPolicy(overrides: { readonly [Section in keyof Policy]?: Partial<Policy[Section]> } = {}): Policy {
  return PolicySchema.parse(overrides);
}

/** A task with its delegations at `NOW`. */
export function anAggregate(task: Partial<Task> = {}, delegations: readonly Delegation[] = []): TaskAggregate {
  return { task: aTask(task), delegations, lease: null, parts: [], now: NOW };
}

/** The rules of work of an orchestration under the shipped policy. */
export function aWorkPolicy(overrides: Partial<WorkPolicy> = {}): WorkPolicy {
  return { ...workPolicyOf(aPolicy(), 'orchestration'), ...overrides };
}

/** A task that is offered to the project, which decides by hand. */
export function anOfferedTask(offer: Partial<Delegation> = {}): TaskAggregate {
  return anAggregate({ status: 'offered', step: 1 }, [aDelegation(offer)]);
}

/** A task that went Global → project → orchestration and is queued there. */
export function aQueuedTask(task: Partial<Task> = {}): TaskAggregate {
  const below = { sourceInstanceId: PROJECT_ID, targetInstanceId: ORCHESTRATION_ID };
  return anAggregate({ status: 'queued', step: 3, instanceId: ORCHESTRATION_ID, ...task }, [
    aDelegation({ hop: 0, status: 'accepted', decidedBy: 'billing' }),
    aDelegation({ hop: 1, status: 'accepted', decidedBy: 'builders', ...below }),
  ]);
}

/** A running project beside the one on the path, below the same Global, that accepts by itself. */
export function aTarget(overrides: Partial<NamedTarget> = {}): NamedTarget {
  return {
    id: anId(0x400),
    name: 'shipping',
    status: 'running',
    scope: 'project',
    ancestorIds: [GLOBAL_ID],
    acceptance: 'auto',
    acceptanceTimeoutSeconds: 900,
    ...overrides,
  };
}
