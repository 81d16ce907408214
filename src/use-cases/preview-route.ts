import type { Transaction } from 'sequelize';
import { HOPPER } from '../domain/actor.ts';
import { evolve } from '../domain/change.ts';
import { type ChosenTarget, applyDecision } from '../domain/commands/apply-decision.ts';
import { accept } from '../domain/commands/decide-offer.ts';
import type { Instance } from '../domain/instance.ts';
import { pendingOffer } from '../domain/path.ts';
import { policyAt } from '../domain/policy.ts';
import type { Place, PreviewedDecision, RoutePreview } from '../domain/route-preview.ts';
import type { PreviewBody } from '../domain/route-preview.schema.ts';
import type { WantedInstance } from '../domain/routing-decision.ts';
import { type Decided, decideAt } from '../domain/scopes/decide-at.ts';
import type { TaskAggregate } from '../domain/task-aggregate.ts';
import { isPostponed } from '../domain/task.ts';
import { readSnapshot } from '../persistence/read-snapshot.ts';
import { nameFor } from './create-wanted.ts';
import { type LoadedView, loadRoutingView } from './load-routing-view.ts';
import type { Ports } from './ports.ts';
import { triedPolicy } from './preview-policy.ts';
import { taskToPreview } from './preview-task.ts';
import { leftOut } from './route-task.ts';
import { rowId } from './row-id.ts';
import { viewOfNewInstance } from './view-of-new-instance.ts';

/** `newId` stands for the id that a submission would make. */
export type PreviewRoute = (ask: PreviewBody, newId: string) => Promise<RoutePreview>;

/**
 * Decides as the router would, step by step, on what is there at one moment, and carries each decision out in memory
 * alone, by the domain's own code; the database refuses any write and no lock is taken (rule X2).
 */
export function createPreviewRoute(given: Ports): PreviewRoute {
  return async (ask, newId) => {
    const inForce = triedPolicy(given.rules, await given.policyInForce(null), ask.policy);
    const ports = { ...given, policyInForce: () => Promise.resolve(inForce) };
    return readSnapshot(ports.database, async (transaction) => {
      const start = await taskToPreview(ports, transaction, ask, newId);
      return walk({ ports, transaction, created: new Map(), isOnRecord: ask.task === undefined }, start);
    });
  };
}

interface Walk {
  readonly ports: Ports;
  readonly transaction: Transaction;
  /** Instances that the way would have created, by the ids that they have here only. */
  readonly created: Map<string, Instance>;
  readonly isOnRecord: boolean;
}

/** Ends, because a task fails that is handed over too often (law 9). */
async function walk(here: Walk, start: TaskAggregate): Promise<RoutePreview> {
  const decisions: PreviewedDecision[] = [];
  let aggregate = start;
  do {
    const { task } = aggregate;
    const view = await viewAt(here, aggregate);
    const decision = decideAt(view.inForce.behaviors, task, view, view.policy);
    const target = await targetOf(here, view, aggregate, decision);
    decisions.push(previewed(here, view, aggregate, decision, target));
    const { on_unroutable: onUnroutable } = view.policy[view.deciding.scope];
    const chosen = target === null ? null : asChosen(view, target);
    const change = applyDecision(aggregate, decision, chosen, { onUnroutable, retryAt: view.retryAt });
    aggregate = accepted(evolve(aggregate, change, rowId(task.id, stepOf(aggregate), 'delegation')));
  } while (aggregate.task.status === 'routing' && !isPostponed(aggregate.task));
  const { status, instanceId, blockedOn, retryAt, failure } = aggregate.task;
  return { decisions, outcome: { status, instance: await placeOf(here, instanceId), blockedOn, retryAt, failure } };
}

function viewAt({ ports, transaction, created }: Walk, { task }: TaskAggregate): Promise<LoadedView> {
  const made = created.get(task.instanceId);
  return made === undefined ? loadRoutingView(ports, transaction, task) : viewOfNewInstance(ports, made, task);
}

async function targetOf(here: Walk, view: LoadedView, aggregate: TaskAggregate, decision: Decided) {
  if ('create' in decision) return imagined(here, view.deciding, aggregate, decision.create);
  if (!('targetId' in decision)) return null;
  const { ports, transaction } = here;
  const target = await ports.repositories.instances.get(transaction, decision.targetId);
  if (target === null) throw new TypeError(`no instance ${decision.targetId}, though it was chosen`);
  return target;
}

/** What the router would create, under the name that it would get. */
async function imagined(
  { ports, transaction, created }: Walk,
  parent: Instance,
  aggregate: TaskAggregate,
  wanted: WantedInstance,
): Promise<Instance> {
  const id = rowId(aggregate.task.id, stepOf(aggregate), 'instance');
  const isNewParent = created.has(parent.id);
  const name = isNewParent ? wanted.name : await nameFor(ports, transaction, parent.id, wanted);
  const config = { capabilities: [...wanted.capabilities] };
  const stamps = { createdAt: aggregate.now, updatedAt: aggregate.now };
  const made: Instance = { id, name, scope: wanted.scope, status: 'running', parentId: parent.id, config, ...stamps };
  created.set(id, made);
  return made;
}

function previewed(
  here: Walk,
  view: LoadedView,
  { task }: TaskAggregate,
  decision: Decided,
  target: Instance | null,
): PreviewedDecision {
  const { action, reason, strategy, candidates } = decision;
  return {
    taskId: here.isOnRecord ? task.id : null,
    step: task.step,
    instance: shown(here, view.deciding),
    action,
    target: target === null ? null : { ...shown(here, target), ...acceptanceOf(view, target) },
    creates: 'create' in decision && target !== null ? { ...decision.create, name: target.name } : null,
    reason,
    strategy,
    policyHash: view.inForce.hash,
    candidates,
    candidatesLeftOut: leftOut(view, decision),
  };
}

async function placeOf(here: Walk, id: string): Promise<Place> {
  const found = here.created.get(id) ?? (await here.ports.repositories.instances.get(here.transaction, id));
  if (found === null) throw new TypeError(`no instance ${id}, though the task is there`);
  return shown(here, found);
}

function shown({ created }: Walk, { id, name, scope }: Instance): Place {
  return { id: created.has(id) ? null : id, name, scope };
}

function asChosen(view: LoadedView, target: Instance): ChosenTarget {
  return { id: target.id, name: target.name, ...acceptanceOf(view, target) };
}

function acceptanceOf({ inForce }: LoadedView, target: Instance) {
  const { [target.scope]: section } = policyAt(inForce.policy, target);
  const { acceptance, acceptance_timeout_seconds: acceptanceTimeoutSeconds } = section;
  return { acceptance, acceptanceTimeoutSeconds };
}

/** The task as it is once its offer, if it has one, is accepted. */
function accepted(aggregate: TaskAggregate): TaskAggregate {
  const offer = pendingOffer(aggregate.delegations);
  if (offer === undefined) return aggregate;
  const verdict = accept(aggregate, HOPPER, { kind: 'accept', delegationId: offer.id }, null);
  return verdict.kind === 'change' ? evolve(aggregate, verdict.change, offer.id) : aggregate;
}

function stepOf({ task }: TaskAggregate): string {
  return `preview/${String(task.step)}`;
}
