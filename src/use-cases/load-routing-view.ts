import type { Transaction } from 'sequelize';
import { DomainError } from '../domain/errors.ts';
import type { Instance } from '../domain/instance.ts';
import { policyAt } from '../domain/policy.ts';
import type { ExplicitTarget, RoutingView } from '../domain/scopes/scope-behavior.ts';
import { wordsOf } from '../domain/search-text.ts';
import type { Task } from '../domain/task.ts';
import { childrenView, openTasksAt } from '../persistence/queries/routing-view.query.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Ports } from './ports.ts';

/** The view that a behaviour gets, and what the use case itself needs of it. */
export interface LoadedView extends RoutingView {
  readonly task: Task;
  readonly deciding: Instance;
  readonly running: number;
  readonly onUnroutable: 'reject' | 'hold';
}

/** Reads what a decision rests on, in a constant number of statements. */
export async function loadRoutingView(ports: Ports, transaction: Transaction | null, task: Task): Promise<LoadedView> {
  const { database, repositories, policyInForce } = ports;
  const deciding = await repositories.instances.get(transaction, task.instanceId);
  if (deciding === null) throw new DomainError('instance_not_found', `no instance ${task.instanceId}`);
  // The entry instance is on the path for good, and a path never holds an instance twice.
  const excluded = [...new Set([task.entryInstanceId, ...task.exclusions.map((each) => each.instanceId)])];
  const hasChildren = deciding.scope !== 'orchestration';
  const children = hasChildren
    ? await childrenView(database, transaction, {
        instanceId: deciding.id,
        tags: task.tags,
        words: deciding.scope === 'global' ? wordsOf(`${task.title}\n${task.description ?? ''}`) : '',
        excluded,
      })
    : NO_CHILDREN;
  return {
    ...children,
    task,
    deciding,
    instance: deciding,
    openHere: deciding.scope === 'project' ? await openTasksAt(database, transaction, deciding.id) : 0,
    explicit: deciding.scope === 'global' ? await explicitTarget(ports, transaction, task, excluded) : null,
    onUnroutable: policyAt(policyInForce().policy, deciding)[deciding.scope].on_unroutable,
  };
}

const NO_CHILDREN = { candidates: [], running: 0, excluded: 0, liveChildren: 0, existingChildren: 0 };

async function explicitTarget(
  { repositories }: Ports,
  transaction: Transaction | null,
  task: Task,
  excluded: readonly string[],
): Promise<ExplicitTarget | null> {
  const wanted = task.metadata['project_id'];
  if (typeof wanted !== 'string' || !isUuid(wanted)) return null;
  const instance = await repositories.instances.get(transaction, wanted);
  if (instance === null) return null;
  const { id, name, parentId, scope, status } = instance;
  return { id, name, parentId, scope, status, hasRefused: excluded.includes(id) };
}
