import type { Actor } from './actor.ts';
import type { Delegation, DelegationStatus, DelegationType } from './delegation.ts';
import type { Json, JsonObject } from './json.ts';
import type { Exclusion, Failure, TaskStatus } from './task.ts';
import { isFinal } from './task.ts';
import type { TaskAggregate } from './task-aggregate.ts';

export const EVENT_TYPES = [
  'task_submitted',
  'task_updated',
  'task_delegated',
  'task_queued',
  'task_held',
  'task_postponed',
  'task_rejected',
  'task_completed',
  'task_failed',
  'task_cancelled',
  'task_escalated',
  'task_rerouted',
  'task_reassigned',
  'delegation_accepted',
  'delegation_rejected',
  'delegation_expired',
  'delegation_withdrawn',
  'decision_ignored',
  'deleted',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One delegation that changes its status, and what is remembered with it. */
export interface DelegationMove {
  readonly id: string;
  readonly to: DelegationStatus;
  readonly decidedBy?: string;
  readonly notes?: string | null;
  readonly rejectionCode?: string | null;
  readonly retryable?: boolean;
  readonly result?: Json;
}

/** A delegation to be written; its id is derived from the command that asks for it. */
export interface NewDelegation {
  readonly hop: number;
  readonly sourceInstanceId: string;
  readonly targetInstanceId: string;
  readonly delegationType: DelegationType;
  readonly status: 'pending' | 'accepted' | 'completed';
  readonly expiresAt: Date | null;
  readonly decidedBy: string | null;
  readonly notes: string | null;
}

/** What becomes of the task row. */
export interface TaskMove {
  readonly status: TaskStatus;
  readonly instanceId?: string;
  readonly blockedOn?: string | null;
  readonly retryAt?: Date | null;
  readonly exclusions?: readonly Exclusion[];
  readonly result?: Json;
  readonly failure?: Failure;
  readonly finishedBy?: string;
}

/** One effect on a task, written in one transaction and with one event; replaying the events gives the rows (rule E2). */
export interface Change {
  readonly type: EventType;
  readonly actor: Actor;
  readonly task: TaskMove;
  readonly moves: readonly DelegationMove[];
  readonly opened: NewDelegation | null;
  readonly detail: JsonObject;
}

/** The aggregate after a change: the same that the database holds once it is written. */
export function evolve(before: TaskAggregate, change: Change, openedId: string): TaskAggregate {
  const { task, now } = before;
  const finishedAt = isFinal(change.task.status) ? now : task.finishedAt;
  const moved = before.delegations.map((each) => moveDelegation(each, change, now));
  const opened = change.opened === null ? [] : [openDelegation(task.id, openedId, change.opened, now)];
  return {
    now,
    task: { ...task, blockedOn: null, retryAt: null, ...change.task, step: task.step + 1, updatedAt: now, finishedAt },
    delegations: [...moved, ...opened],
  };
}

function moveDelegation(delegation: Delegation, change: Change, now: Date): Delegation {
  const move = change.moves.find((each) => each.id === delegation.id);
  if (move === undefined) return delegation;
  const { id, to, ...remembered } = move;
  return {
    ...delegation,
    ...remembered,
    id,
    status: to,
    acceptedAt: to === 'accepted' ? now : delegation.acceptedAt,
    completedAt: to === 'completed' ? now : delegation.completedAt,
  };
}

function openDelegation(taskId: string, id: string, opened: NewDelegation, now: Date): Delegation {
  return {
    ...opened,
    id,
    taskId,
    delegatedAt: now,
    acceptedAt: opened.status === 'pending' ? null : now,
    completedAt: opened.status === 'completed' ? now : null,
    rejectionCode: null,
    retryable: false,
    result: null,
  };
}
