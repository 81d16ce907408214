import type { Actor } from '../actor.ts';
import type { Change, DelegationMove, NewDelegation } from '../change.ts';
import type { Executor } from '../executor.schema.ts';
import type { Scope } from '../instance.ts';
import { hopFromAbove, instancesOnPath, leadsOn, pathOf, pendingOffer } from '../path.ts';
import { isAtWork, isPostponed } from '../task.ts';
import { type TaskAggregate, nextHop } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import { hopLimitReached } from './ends.ts';
import { leaseConflict } from './lease-rules.ts';
import { type Verdict, taskConflict } from './verdict.ts';

type Escalate = Extract<TaskCommand, { kind: 'escalate' }>;
type Reroute = Extract<TaskCommand, { kind: 'reroute' }>;
type Reassign = Extract<TaskCommand, { kind: 'reassign' }>;

/** The facts about the target of a reassignment, read under its lock. */
export interface NamedTarget {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly scope: Scope;
  readonly executor?: Executor | null;
  readonly ancestorIds: readonly string[];
  readonly acceptance: 'auto' | 'manual';
  readonly acceptanceTimeoutSeconds: number;
}

/** The holder gives the task back to the instance above it and is not asked again (rule R4). */
export function escalate(
  aggregate: TaskAggregate,
  actor: Actor,
  command: Escalate,
): Exclude<Verdict, { readonly kind: 'done' }> {
  const { task, delegations } = aggregate;
  if (!isAtWork(task.status) || task.blockedOn === 'held') return taskConflict(task, ': nobody is at work on it');
  if (hopFromAbove(delegations) === undefined) return taskConflict(task, ' at its entry instance: nobody is above it');
  return { kind: 'change', change: climbed(aggregate, actor, command.reason) };
}

/** The change by which the holder's hop is left and the task climbs one level. */
export function climbed(
  aggregate: TaskAggregate,
  actor: Actor,
  reason: string,
  why: 'escalated' | 'stopped' = 'escalated',
): Change {
  const { task, delegations } = aggregate;
  const leaf = hopFromAbove(delegations);
  if (leaf === undefined) throw new TypeError('a task at its entry instance cannot climb');
  const ended = hopLimitReached(aggregate);
  if (ended !== null) return ended;
  const opened: NewDelegation = {
    hop: nextHop(delegations),
    sourceInstanceId: leaf.targetInstanceId,
    targetInstanceId: leaf.sourceInstanceId,
    delegationType: 'escalate',
    status: 'completed',
    expiresAt: null,
    decidedBy: actor.name,
    notes: reason,
  };
  const exclusions = [...task.exclusions, { instanceId: leaf.targetInstanceId, why }];
  return {
    type: 'task_escalated',
    actor,
    task: { status: 'routing', instanceId: leaf.sourceInstanceId, exclusions },
    moves: [{ id: leaf.id, to: 'cancelled' }],
    opened,
    detail: { reason },
  };
}

/** Withdraws the offer, or leaves the holder's hop, and lets the behaviour decide anew (rule T4). */
export function reroute(aggregate: TaskAggregate, actor: Actor, command: Reroute): Verdict {
  const { task, delegations } = aggregate;
  if (command.onlyHeld === true && task.blockedOn !== 'held') return taskConflict(task, ', and not held');
  const detail = { reason: command.reason ?? null };
  const offer = pendingOffer(delegations);
  const leaf = hopFromAbove(delegations);
  if (offer !== undefined) {
    const moves: DelegationMove[] = [{ id: offer.id, to: 'cancelled', decidedBy: actor.name }];
    return {
      kind: 'change',
      change: { type: 'task_rerouted', actor, task: { status: 'routing' }, moves, opened: null, detail },
    };
  }
  if (isPostponed(task)) {
    const exclusions = task.exclusions.filter((each) => each.why !== 'postponed');
    const move = { status: 'routing', exclusions } as const;
    return {
      kind: 'change',
      change: { type: 'task_rerouted', actor, task: move, moves: [], opened: null, detail },
    };
  }
  if (!isAtWork(task.status)) return taskConflict(task);
  const conflict = leaseConflict(aggregate, actor, command);
  if (conflict !== null) return conflict;
  const isHeld = task.blockedOn === 'held' || leaf === undefined;
  const moves: DelegationMove[] = isHeld ? [] : [{ id: leaf.id, to: 'cancelled' }];
  const instanceId = isHeld ? task.instanceId : leaf.sourceInstanceId;
  return {
    kind: 'change',
    change: { type: 'task_rerouted', actor, task: { status: 'routing', instanceId }, moves, opened: null, detail },
  };
}

/** Hands the task to a named instance, leaving every hop that is not above it (rule T5). */
export function reassign(
  aggregate: TaskAggregate,
  actor: Actor,
  command: Reassign,
  target: NamedTarget | null,
): Verdict {
  const { task, delegations, now } = aggregate;
  const offer = pendingOffer(delegations);
  if (offer === undefined && !isAtWork(task.status) && !isPostponed(task)) return taskConflict(task);
  if (target === null) {
    return { kind: 'conflict', code: 'instance_not_found', detail: `no instance ${command.targetInstanceId}` };
  }
  const problem = targetProblem(aggregate, target);
  if (problem !== null) return { kind: 'conflict', code: 'target_not_allowed', detail: `${target.name} ${problem}` };
  const ended = hopLimitReached(aggregate);
  if (ended !== null) return { kind: 'change', change: ended };
  const left = hopsToLeave(aggregate, target);
  const stay =
    pathOf(delegations)
      .filter((hop) => !left.includes(hop.id))
      .at(-1)?.targetInstanceId ?? task.entryInstanceId;
  const isManual = target.acceptance === 'manual';
  const opened: NewDelegation = {
    hop: nextHop(delegations),
    sourceInstanceId: stay,
    targetInstanceId: target.id,
    delegationType: command.delegationType,
    status: isManual ? 'pending' : 'accepted',
    expiresAt: isManual ? new Date(now.getTime() + target.acceptanceTimeoutSeconds * 1_000) : null,
    decidedBy: isManual ? null : target.name,
    notes: command.notes ?? null,
  };
  const withdrawn: DelegationMove[] =
    offer === undefined ? [] : [{ id: offer.id, to: 'cancelled', decidedBy: actor.name }];
  const moves = [...withdrawn, ...left.map((id): DelegationMove => ({ id, to: 'cancelled' }))];
  const moved = isManual
    ? ({ status: 'offered', instanceId: stay } as const)
    : ({ status: 'routing', instanceId: target.id } as const);
  const detail = { target: target.name };
  return { kind: 'change', change: { type: 'task_reassigned', actor, task: moved, moves, opened, detail } };
}

function targetProblem({ task, delegations }: TaskAggregate, target: NamedTarget): string | null {
  if (target.scope === 'global') return 'is a Global, which never does work';
  if (target.status !== 'running') return `is ${target.status}`;
  if (instancesOnPath(task.entryInstanceId, delegations).includes(target.id))
    return 'is on the path of this task already: escalate instead';
  return task.exclusions.some((each) => each.instanceId === target.id && each.why === 'refused')
    ? 'has refused this task'
    : null;
}

function hopsToLeave({ delegations }: TaskAggregate, target: NamedTarget): readonly string[] {
  const above = new Set(target.ancestorIds);
  return pathOf(delegations)
    .toReversed()
    .filter((hop) => leadsOn(hop) && !above.has(hop.targetInstanceId))
    .map((hop) => hop.id);
}
