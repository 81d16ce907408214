import type { Actor } from '../actor.ts';
import { assertNever } from '../assert-never.ts';
import type { Change } from '../change.ts';
import type { Delegation } from '../delegation.ts';
import { hopFromAbove, pendingOffer } from '../path.ts';
import { type Task, isPostponed } from '../task.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import { type NamedTarget, climbed } from './move-task.ts';
import { DONE, type Verdict, taskConflict } from './verdict.ts';

type Leave = Extract<TaskCommand, { kind: 'leave' }>;

/** A task neither stays at an instance that stops nor is offered to it; whatever is not there is left alone (rule I4). */
export function leave(aggregate: TaskAggregate, actor: Actor, command: Leave, stopping: NamedTarget | null): Verdict {
  if (stopping === null) {
    return { kind: 'conflict', code: 'instance_not_found', detail: `no instance ${command.instanceId}` };
  }
  if (stopping.status === 'running' || stopping.status === 'paused') {
    const detail = `${stopping.name} is ${stopping.status}: nothing has to leave it before it stops`;
    return { kind: 'conflict', code: 'target_not_allowed', detail };
  }
  const { task, delegations } = aggregate;
  const offer = pendingOffer(delegations);
  const isHere = task.instanceId === stopping.id;
  if (offer !== undefined && (isHere || offer.targetInstanceId === stopping.id)) {
    return { kind: 'change', change: withdrawn(task, actor, offer, command) };
  }
  return isHere ? moveAway(aggregate, actor, command) : DONE;
}

/** What holds the task decides anew. An instance that stops is no more than remembered: it may start again. */
function withdrawn(task: Task, actor: Actor, offer: Delegation, { instanceId, reason }: Leave): Change {
  const left = { instanceId, why: 'stopped' } as const;
  const moves = [{ id: offer.id, to: 'cancelled', decidedBy: actor.name, notes: reason }] as const;
  const moved = { status: 'routing', exclusions: [...task.exclusions, left] } as const;
  return { type: 'delegation_withdrawn', actor, task: moved, moves, opened: null, detail: { reason } };
}

function moveAway(aggregate: TaskAggregate, actor: Actor, command: Leave): Verdict {
  const { task } = aggregate;
  switch (task.status) {
    case 'routing':
      return isPostponed(task) ? { kind: 'change', change: decidedNow(actor, command.reason) } : DONE;
    case 'queued':
      return upOrHeld(aggregate, actor, command.reason);
    case 'in_progress':
      return ofWorker(aggregate, actor, command);
    case 'blocked':
      return task.blockedOn === 'held'
        ? upOrHeld(aggregate, actor, command.reason)
        : ofWorker(aggregate, actor, command);
    case 'offered': // has an offer, which was withdrawn
    case 'waiting': // ends with its parts
    case 'completed':
    case 'failed':
    case 'rejected':
    case 'cancelled':
      return DONE;
    default:
      return assertNever(task.status);
  }
}

/** A task that is routing decides by itself; one that waits for its next try does not have to any more. */
function decidedNow(actor: Actor, reason: string): Change {
  return { type: 'task_rerouted', actor, task: { status: 'routing' }, moves: [], opened: null, detail: { reason } };
}

/** Somebody is at work, or waits for the answer to a question with the work in hand. */
function ofWorker(aggregate: TaskAggregate, actor: Actor, { reason, force }: Leave): Verdict {
  if (force === true) return upOrHeld(aggregate, actor, reason);
  return taskConflict(aggregate.task, ': its worker has it; it leaves when that is over, or with force');
}

function upOrHeld(aggregate: TaskAggregate, actor: Actor, reason: string): Verdict {
  const { task, delegations } = aggregate;
  if (hopFromAbove(delegations) !== undefined) {
    return { kind: 'change', change: climbed(aggregate, actor, reason, 'stopped') };
  }
  return isHeld(task) ? DONE : { kind: 'change', change: held(actor, reason) };
}

function isHeld({ status, blockedOn }: Task): boolean {
  return status === 'blocked' && blockedOn === 'held';
}

/** Nobody is above: the task waits where it entered, for a person or for the instance to start again. */
export function held(actor: Actor, reason: string): Change {
  const task = { status: 'blocked', blockedOn: 'held' } as const;
  return { type: 'task_held', actor, task, moves: [], opened: null, detail: { reason } };
}
