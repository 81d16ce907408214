import type { DelegationStatus, DelegationType } from '../../src/domain/delegation.ts';
import type { LeaseOutcome } from '../../src/domain/lease.ts';
import type { Join } from '../../src/domain/parts/part.ts';
import type { Exclusion, Priority, TaskStatus } from '../../src/domain/task.ts';
import type { Answer, Command } from './command.ts';
import { PLACES, type Place, type Want } from './tree.ts';

export interface Hop {
  readonly from: Place;
  readonly to: Place;
  readonly type: DelegationType;
  status: DelegationStatus;
  /** What a person said to the offer. */
  said: { readonly by: string; readonly what: 'accepted' | 'refused' | 'postponed' } | null;
}

/** A task as the model knows it. */
export interface ModelTask {
  readonly no: number;
  readonly want: Want | null;
  readonly isComplex: boolean;
  readonly priority: Priority;
  readonly entry: Place;
  readonly parent: number | null;
  readonly depth: number;
  at: Place;
  status: TaskStatus;
  blockedOn: 'held' | 'question' | null;
  /** Waits for a target that wants to be asked again. */
  isPostponed: boolean;
  readonly chain: Hop[];
  readonly exclusions: { readonly at: Place; readonly why: Exclusion['why'] }[];
  readonly questions: { readonly text: string; answeredBy: string | null }[];
  hopAttempts: number;
  totalAttempts: number;
  /** The number of the command by which it came into its queue. */
  queuedAt: number | null;
  join: Join | null;
  /** How it was ended, and by whom. */
  end: { readonly by: string; readonly how: string } | null;
}

export interface ModelLease {
  readonly task: number;
  readonly at: Place;
  readonly worker: string;
  outcome: LeaseOutcome | null;
}

export type PlaceStatus = 'running' | 'paused' | 'stopping' | 'stopped';

/** A command that was carried out, with its request id and what came of it. */
export interface Performed {
  readonly command: Exclude<Command, { kind: 'repeat' | 'claim_where' }>;
  readonly request: number;
  answer: Answer;
  /** The task, or the lease, that it made. */
  made: number | null;
}

/** All that the model knows. */
export interface World {
  readonly onUnroutable: 'hold' | 'reject';
  readonly places: Record<Place, { status: PlaceStatus; isForced: boolean }>;
  readonly tasks: ModelTask[];
  readonly leases: ModelLease[];
  readonly performed: Performed[];
}

export function emptyWorld(onUnroutable: World['onUnroutable']): World {
  const places = Object.fromEntries(PLACES.map((place) => [place, { status: 'running', isForced: false }]));
  return { onUnroutable, places: places as World['places'], tasks: [], leases: [], performed: [] };
}

/** A new task, yet to be decided. */
export function addTask(
  world: World,
  made: Pick<ModelTask, 'want' | 'isComplex' | 'priority' | 'entry' | 'parent' | 'depth'>,
): ModelTask {
  const task: ModelTask = {
    ...made,
    no: world.tasks.length,
    at: made.entry,
    status: 'routing',
    blockedOn: null,
    isPostponed: false,
    chain: [],
    exclusions: [],
    questions: [],
    hopAttempts: 0,
    totalAttempts: 0,
    queuedAt: null,
    join: null,
    end: null,
  };
  world.tasks.push(task);
  return task;
}

export const isOver = ({ status }: ModelTask): boolean =>
  ['completed', 'failed', 'rejected', 'cancelled'].includes(status);

/** Somebody may work on it, or end it by hand; a held one only moves. */
export const isAtWork = ({ status, blockedOn }: ModelTask): boolean =>
  status === 'queued' || status === 'in_progress' || (status === 'blocked' && blockedOn === 'question');

export const isHeld = ({ blockedOn }: ModelTask): boolean => blockedOn === 'held';

/** The hops by which the task came to where it is, the last one on top. */
export const pathOf = ({ chain }: ModelTask): Hop[] => chain.filter((hop) => hop.status === 'accepted');

/** The hop on top that leads from another instance: going up leaves it. */
export const hopFromAbove = (task: ModelTask): Hop | undefined => pathOf(task).findLast((hop) => hop.from !== hop.to);

export const offerOf = ({ chain }: ModelTask): Hop | undefined => chain.find((hop) => hop.status === 'pending');

export const openLeaseOf = ({ leases }: World, { no }: ModelTask): ModelLease | undefined =>
  leases.find((lease) => lease.task === no && lease.outcome === null);

export const partsOf = ({ tasks }: World, { no }: ModelTask): ModelTask[] => tasks.filter((task) => task.parent === no);

interface Becoming {
  readonly at?: Place;
  readonly blockedOn?: ModelTask['blockedOn'];
  /** How the open lease ends, if the change ends it. */
  readonly leaseEnds?: LeaseOutcome;
}

/** Every change of a task goes through here: whoever leaves its worker's hands ends the lease (rule W6). */
export function become(world: World, task: ModelTask, status: TaskStatus, change: Becoming = {}): void {
  const { at = task.at, blockedOn = null, leaseEnds } = change;
  const staysAtWorker = status === 'in_progress' || blockedOn === 'question';
  const lease = openLeaseOf(world, task);
  if (lease !== undefined && (leaseEnds !== undefined || !staysAtWorker)) lease.outcome = leaseEnds ?? 'left';
  if (at !== task.at) task.hopAttempts = 0;
  const staysInQueue = status === 'queued' || status === 'in_progress' || status === 'blocked';
  const queuedAt = staysInQueue ? task.queuedAt : null;
  task.queuedAt = status === 'queued' ? (queuedAt ?? world.performed.length) : queuedAt;
  Object.assign(task, { at, status, blockedOn, isPostponed: false });
}

/** The end of a task: a completed one closes its path, any other leaves it. */
export function end(
  world: World,
  task: ModelTask,
  status: 'completed' | 'failed' | 'rejected' | 'cancelled',
  how: { readonly by: string; readonly how: string; readonly leaseEnds?: LeaseOutcome },
): void {
  const offer = offerOf(task);
  if (offer !== undefined) offer.status = 'cancelled';
  for (const hop of pathOf(task)) hop.status = status === 'completed' ? 'completed' : 'cancelled';
  become(world, task, status, how.leaseEnds === undefined ? {} : { leaseEnds: how.leaseEnds });
  task.end = { by: how.by, how: how.how };
}
