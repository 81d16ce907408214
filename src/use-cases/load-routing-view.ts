import type { Transaction } from 'sequelize';
import { DomainError } from '../domain/errors.ts';
import { type Standing, nextTry, standingOf } from '../domain/exclusions.ts';
import type { Instance } from '../domain/instance.ts';
import { policyAt } from '../domain/policy.ts';
import type { Policy } from '../domain/policy.schema.ts';
import { matchersOf } from '../domain/scopes/global-scope.ts';
import { type RulesAnswer, firstRule } from '../domain/scopes/rules.ts';
import type { ExplicitTarget, RoutingView } from '../domain/scopes/scope-behavior.ts';
import { wordsOf } from '../domain/search-text.ts';
import type { Task } from '../domain/task.ts';
import { isUuid } from '../domain/uuid.ts';
import { type ChildrenAsk, type ChildrenView, childrenView } from '../persistence/queries/routing-view.query.ts';
import type { TaskWithHolder } from '../persistence/repositories/task.repository.ts';
import { passedOverWords } from './passed-over.ts';
import type { PolicyInForce, Ports } from './ports.ts';

/** The view that a behaviour gets, and what the use case itself needs of it. */
export interface LoadedView extends RoutingView {
  readonly task: Task;
  readonly deciding: Instance;
  readonly inForce: PolicyInForce;
  /** The policy as it holds at the deciding instance. */
  readonly policy: Policy;
  readonly retryAt: Date | null;
}

/** Reads what a decision rests on, in a constant number of statements. */
export async function loadRoutingView(
  ports: Ports,
  transaction: Transaction | null,
  task: Task,
  seen: Pick<TaskWithHolder, 'holder' | 'policyHash'> | null = null,
): Promise<LoadedView> {
  const deciding = seen?.holder ?? (await ports.repositories.instances.get(transaction, task.instanceId));
  if (deciding === null) throw new DomainError('instance_not_found', `no instance ${task.instanceId}`);
  const inForce = await ports.policyInForce(transaction, seen?.policyHash);
  const policy = policyAt(inForce.policy, deciding);
  const standing = await standingAt(ports, transaction, task, deciding, policy);
  const rules = rulesAt(ports, task, deciding, policy);
  const children = await childrenOf(ports, transaction, task, deciding, { policy, standing, rules });
  const { named, passedOver, ...rest } = children;
  const { applied } = rules;
  return {
    ...rest,
    task,
    deciding,
    inForce,
    policy,
    instance: deciding,
    explicit: deciding.scope === 'global' ? await explicitTarget(ports, transaction, task, standing) : null,
    ruled: applied === null ? null : { ...applied, candidates: named },
    ruleProblems: rules.problems,
    passedOver: passedOver.map((each) => passedOverWords(each, task, standing)),
    retryAt: nextTry(standing.postponed),
  };
}

/** The entry instance is on the path for good, and a path never holds an instance twice. */
async function standingAt(
  { repositories }: Ports,
  transaction: Transaction | null,
  task: Task,
  deciding: Instance,
  policy: Policy,
): Promise<Standing> {
  const patience = deciding.scope === 'global' ? policy.global : policy.project;
  const hasSoft = task.exclusions.some((each) => each.why === 'postponed');
  const now = hasSoft ? await repositories.tasks.now(transaction) : task.updatedAt;
  const { excluded, postponed } = standingOf(task.exclusions, now, patience);
  return { excluded: [...new Set([task.entryInstanceId, ...excluded])], postponed };
}

const NO_RULES: RulesAnswer = { applied: null, problems: [] };

function rulesAt({ rules: engine }: Ports, task: Task, { scope }: Instance, policy: Policy): RulesAnswer {
  return scope === 'orchestration' ? NO_RULES : firstRule(policy[scope].rules, task, engine);
}

const NO_CHILDREN: ChildrenView = {
  candidates: [],
  named: [],
  passedOver: [],
  running: 0,
  excluded: 0,
  postponed: 0,
  liveChildren: 0,
  existingChildren: 0,
  openHere: 0,
};

interface Judged {
  readonly policy: Policy;
  readonly standing: Standing;
  readonly rules: RulesAnswer;
}

async function childrenOf(
  { database }: Ports,
  transaction: Transaction | null,
  task: Task,
  { id, scope }: Instance,
  { policy, standing, rules }: Judged,
): Promise<ChildrenView> {
  if (scope === 'orchestration') return NO_CHILDREN;
  const matchers: ChildrenAsk['matchers'] = scope === 'global' ? matchersOf(policy.global) : ['tags'];
  return childrenView(database, transaction, {
    instanceId: id,
    tags: task.tags,
    words: matchers.includes('keywords') ? wordsOf(`${task.title}\n${task.description ?? ''}`) : '',
    matchers,
    excluded: standing.excluded,
    postponed: standing.postponed.map((each) => each.instanceId),
    named: rules.applied?.named ?? null,
  });
}

async function explicitTarget(
  { repositories }: Ports,
  transaction: Transaction | null,
  task: Task,
  { excluded, postponed }: Standing,
): Promise<ExplicitTarget | null> {
  const wanted = task.metadata['project_id'];
  if (typeof wanted !== 'string' || !isUuid(wanted)) return null;
  const instance = await repositories.instances.get(transaction, wanted.toLowerCase());
  if (instance === null) return null;
  const { id, name, parentId, scope, status } = instance;
  const hasPostponed = postponed.some((each) => each.instanceId === id);
  return { id, name, parentId, scope, status, hasRefused: excluded.includes(id), hasPostponed };
}
