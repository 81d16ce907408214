import type { Actor } from './actor.ts';
import type { Delegation, DelegationStatus, DelegationType } from './delegation.ts';
import type { Json, JsonObject } from './json.ts';
import { type LeaseOutcome, leaseEndOf } from './lease.ts';
import type { Exclusion, Failure, Question, Task, TaskStatus } from './task.ts';
import { newParts } from './parts/new-parts.ts';
import type { Join, PartSpec } from './parts/part.ts';
import { isFinal } from './task.ts';
import type { TaskAggregate } from './task-aggregate.ts';

export const EVENT_TYPES = [
  'task_submitted',
  'task_updated',
  'task_delegated',
  'task_queued',
  'task_claimed',
  'task_released',
  'question_asked',
  'question_answered',
  'attempt_failed',
  'attempt_expired',
  'task_held',
  'task_postponed',
  'task_rejected',
  'task_completed',
  'task_failed',
  'task_cancelled',
  'task_escalated',
  'task_rerouted',
  'task_reassigned',
  'task_decomposed',
  'part_released',
  'task_retried',
  'due_missed',
  'delegation_accepted',
  'delegation_rejected',
  'delegation_expired',
  'delegation_withdrawn',
  'lease_ended',
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
  readonly availableAt?: Date | null;
  readonly questions?: readonly Question[];
  readonly join?: Join;
  readonly missedDueAt?: Date;
}

/** One effect on a task, written in one transaction and with one event; replaying the events gives the rows (rule E2). */
export interface Change {
  readonly type: EventType;
  readonly actor: Actor;
  readonly task: TaskMove;
  readonly moves: readonly DelegationMove[];
  readonly opened: NewDelegation | null;
  /** The task is split into these. */
  readonly parts?: readonly PartSpec[];
  /** How the open lease ended, if the change ends it; left out: the task left its worker. */
  readonly leaseOutcome?: LeaseOutcome;
  /** A failed attempt is counted, at the holder and in all. */
  readonly countsAttempt?: true;
  /** What happens between a worker and the queue is no step of the workflow (rule W7). */
  readonly keepsStep?: true;
  /** What follows at once: a change of its own, in the same transaction. */
  readonly followedBy?: Change;
  readonly detail: JsonObject;
}

/** The aggregate after a change: the same that the database holds once it is written. */
export function evolve(
  before: TaskAggregate,
  change: Change,
  openedId: string,
  partIdOf: (no: number) => string = String,
): TaskAggregate {
  const { task, now } = before;
  const finishedAt = isFinal(change.task.status) ? now : task.finishedAt;
  const moved = before.delegations.map((each) => moveDelegation(each, change, now));
  const opened = change.opened === null ? [] : [openDelegation(task.id, openedId, change.opened, now)];
  return {
    now,
    task: {
      ...task,
      blockedOn: null,
      retryAt: null,
      availableAt: null,
      ...change.task,
      ...attemptsAfter(task, change),
      queuedAt: queuedAtAfter(before, change),
      step: task.step + (change.keepsStep === true ? 0 : 1),
      updatedAt: now,
      finishedAt,
    },
    delegations: [...moved, ...opened],
    lease: leaseEndOf(before.lease, change) === null ? before.lease : null,
    parts: change.parts === undefined ? before.parts : newParts(change.parts, partIdOf),
  };
}

/** Attempts are counted anew where the task goes to another instance. */
function attemptsAfter(task: Task, { task: move, countsAttempt }: Change): Pick<Task, 'hopAttempts' | 'totalAttempts'> {
  const counted = countsAttempt === true ? 1 : 0;
  const stays = move.instanceId === undefined || move.instanceId === task.instanceId;
  return { hopAttempts: stays ? task.hopAttempts + counted : 0, totalAttempts: task.totalAttempts + counted };
}

/** A task that is given back keeps its place in the queue. */
function queuedAtAfter({ task, now }: TaskAggregate, { task: move }: Change): Date | null {
  if (move.status === 'queued') return task.queuedAt ?? now;
  return move.status === 'in_progress' || move.status === 'blocked' ? task.queuedAt : null;
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
