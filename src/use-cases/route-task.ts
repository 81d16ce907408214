import type { Transaction } from 'sequelize';
import { type ChosenTarget, applyDecision } from '../domain/commands/apply-decision.ts';
import { policyAt } from '../domain/policy.ts';
import type { Policy } from '../domain/policy.schema.ts';
import type { Action, RecordedDecision } from '../domain/routing-decision.ts';
import { type Decided, decideAt } from '../domain/scopes/decide-at.ts';
import { DomainError } from '../domain/errors.ts';
import type { InstanceAround, LockedTask } from '../persistence/repositories/task.repository.ts';
import { createWanted } from './create-wanted.ts';
import { loadRoutingView, type LoadedView } from './load-routing-view.ts';
import { partIdsOf } from './part-ids.ts';
import type { Ports } from './ports.ts';
import { rowId } from './row-id.ts';
import { snapshotOf } from './snapshot.ts';
import type { StepResult } from '../domain/step-result.ts';

export interface RouteAsk {
  readonly taskId: string;
  readonly expectedStep: number;
}

export type RouteTask = (ask: RouteAsk) => Promise<StepResult>;

const MAX_TRIES = 5;

/**
 * Decides where a task goes from the instance that holds it. The decision is made on a view that was read without
 * locks; then the locks are taken in id order and what it rests on is checked again: if it changed, it is made anew.
 */
export function createRouteTask(ports: Ports): RouteTask {
  return async (ask) => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const result = await tryOnce(ports, ask);
      if (result !== 'stale') return result;
    }
    throw new DomainError('stale_view', `the instances around task ${ask.taskId} keep changing`);
  };
}

async function tryOnce(ports: Ports, ask: RouteAsk): Promise<StepResult | 'stale'> {
  const seen = await ports.repositories.tasks.getWithHolder(null, ask.taskId);
  if (seen === null) return { verdict: 'gone' };
  const view = await loadRoutingView(ports, null, seen.task, seen);
  const decision = decide(view);
  const create = 'create' in decision;
  const targetId = 'targetId' in decision ? decision.targetId : null;
  const told: RecordedDecision[] = [];
  const result = await ports.database.transaction(async (transaction): Promise<StepResult | 'stale'> => {
    const instanceIds = [view.instance.id, ...(targetId === null ? [] : [targetId])];
    const mode = create ? 'exclusive' : 'shared';
    const locked = await ports.repositories.tasks.lock(transaction, ask.taskId, commandOf(ask), { instanceIds, mode });
    if (locked === null) return { verdict: 'gone' };
    if (locked.isKnownCommand) return { verdict: 'done', row: snapshotOf(locked, locked) };
    if (locked.task.step !== ask.expectedStep) return { verdict: 'moved', row: snapshotOf(locked, locked) };
    if (locked.task.status !== 'routing') return { verdict: 'done', row: snapshotOf(locked, locked) };
    if (locked.task.instanceId !== view.instance.id) return 'stale';
    const settled = await settle(ports, transaction, locked, view, decision);
    if (settled === 'stale') return settled;
    return write({ ...ports, onDecision: (decision) => void told.push(decision) }, transaction, locked, settled, ask);
  });
  told.forEach(ports.onDecision);
  return result;
}

interface Settled {
  readonly decision: Decided;
  readonly view: LoadedView;
  readonly target: InstanceAround | null;
}

/** Checks under the locks that the decision still stands; a creation is decided anew under the exclusive lock. */
async function settle(
  ports: Ports,
  transaction: Transaction,
  locked: LockedTask,
  seen: LoadedView,
  decision: Decided,
): Promise<Settled | 'stale'> {
  if ('create' in decision) {
    const view = await loadRoutingView(ports, transaction, locked.task);
    const again = decide(view);
    if (!('create' in again)) return 'stale';
    return {
      decision: again,
      view,
      target: await createWanted(ports, transaction, view.instance, again.create, locked.task),
    };
  }
  const targetId = 'targetId' in decision ? decision.targetId : null;
  const here = locked.around.find((row) => row.id === seen.instance.id);
  if (here?.status !== seen.instance.status) return 'stale';
  if (targetId === null) return { decision, view: seen, target: null };
  const target = locked.around.find((row) => row.id === targetId);
  return target?.status === 'running' ? { decision, view: seen, target } : 'stale';
}

async function write(
  ports: Ports,
  transaction: Transaction,
  locked: LockedTask,
  { decision, view, target }: Settled,
  ask: RouteAsk,
): Promise<StepResult> {
  const commandId = commandOf(ask);
  const delegationId = rowId(ask.taskId, commandId, 'delegation');
  const to = target === null ? null : chosen(view.inForce.policy, target);
  const { on_unroutable: onUnroutable } = view.policy[view.deciding.scope];
  const change = applyDecision(locked, decision, to, { onUnroutable, retryAt: view.retryAt });
  const recorded = recordOf(view, locked, decision, target, ask);
  const isHandOver = change.opened !== null && recorded?.action === 'delegate';
  const after = await ports.repositories.tasks.write(transaction, {
    ...{ before: locked, change, commandId, delegationId, partIds: partIdsOf(ask.taskId, commandId) },
    decision: recorded === null ? null : { ...recorded, delegationId: isHandOver ? delegationId : null },
  });
  if (recorded !== null) ports.onDecision(recorded);
  const instances = target === null ? [] : [{ ...target, executor: target.config.executor ?? null }];
  return { verdict: 'done', row: snapshotOf(locked, after, { instances, reason: decision.reason }) };
}

/** The decision as it goes on record; a wait is an event and no decision. */
function recordOf(
  view: LoadedView,
  locked: LockedTask,
  decision: Decided,
  target: InstanceAround | null,
  ask: RouteAsk,
): RecordedDecision | null {
  const action = recordedAction(decision);
  if (action === null) return null;
  return {
    id: rowId(ask.taskId, commandOf(ask), 'decision'),
    taskId: ask.taskId,
    step: locked.task.step,
    instanceId: view.instance.id,
    action,
    targetInstanceId: target?.id ?? null,
    reason: decision.reason,
    strategy: decision.strategy,
    policyHash: view.inForce.hash,
    candidates: decision.candidates,
    candidatesLeftOut: leftOut(view, decision),
    decidedAt: locked.now,
  };
}

function decide(view: LoadedView): Decided {
  return decideAt(view.inForce.behaviors, view.task, view, view.policy);
}

/** A behaviour that failed leaves the task without a taker. */
function recordedAction({ action }: Decided): Action | null {
  if (action === 'wait') return null;
  return action === 'hold' ? 'reject' : action;
}

/** How many of those that could have been asked are not on record. */
export function leftOut({ running, passedOver }: LoadedView, { candidates }: Decided): number {
  const notAsked = new Set(passedOver.map((each) => each.id));
  const asked = candidates.filter((each) => !notAsked.has(each.instanceId));
  return candidates.length === 0 ? 0 : Math.max(0, running - asked.length);
}

function chosen(policy: Policy, target: InstanceAround): ChosenTarget {
  const { [target.scope]: section } = policyAt(policy, target);
  const { acceptance, acceptance_timeout_seconds: acceptanceTimeoutSeconds } = section;
  return { id: target.id, name: target.name, acceptance, acceptanceTimeoutSeconds };
}

function commandOf({ expectedStep }: RouteAsk): string {
  return `decide/${String(expectedStep)}`;
}
