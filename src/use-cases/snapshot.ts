import type { ChainLink, InstanceRef, PlaceRef } from '../domain/chain.ts';
import type { Delegation } from '../domain/delegation.ts';
import { endByParts } from '../domain/commands/join-parts.ts';
import type { Executor } from '../domain/executor.schema.ts';
import { queueOf } from '../domain/executor.ts';
import { isLapsed } from '../domain/lease.ts';
import { pathOf, pendingOffer } from '../domain/path.ts';
import { standOf } from '../domain/parts/next-parts.ts';
import { publishableTags } from '../domain/search-attributes.ts';
import type { TaskAggregate } from '../domain/task-aggregate.ts';
import { hasMissedDue, isFinal, isPastDue } from '../domain/task.ts';
import type { SnapshotLink, TaskSnapshot } from '../domain/task-snapshot.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';

/** What a write adds to the names and reasons that were read with the task. */
export interface Learned {
  readonly instances?: readonly PlaceRef[];
  readonly reason?: string;
}

const LONGEST_REASON = 200;
const HALF_A_PAIR = /[\uD800-\uDBFF]$/;

/** The row as a workflow adopts it: what was read under the lock, and what was written since. */
export function snapshotOf(before: LockedTask, after: TaskAggregate, learned: Learned = {}): TaskSnapshot {
  const places = placesOf(before, learned.instances ?? []);
  const refs: Refs = places;
  const links = after.delegations.map((each) => linkOf(each, before, refs, learned.reason));
  const { task } = after;
  const offer = pendingOffer(after.delegations);
  const project = [
    before.entryInstance,
    ...pathOf(after.delegations).map((hop) => refOf(refs, hop.targetInstanceId)),
  ].find((ref) => ref.scope === 'project');
  return {
    taskId: task.id,
    title: task.title,
    tags: publishableTags(task.tags),
    status: task.status,
    blockedOn: task.blockedOn,
    step: task.step,
    entryInstanceId: task.entryInstanceId,
    holder: refOf(refs, task.instanceId),
    project: project?.name ?? null,
    offer:
      offer === undefined
        ? null
        : {
            delegationId: offer.id,
            to: refOf(refs, offer.targetInstanceId).name,
            expiresInMs: remaining(offer.expiresAt, after.now),
          },
    retryInMs: remaining(task.retryAt, after.now),
    links,
    why: shortened(learned.reason ?? task.failure?.reason ?? before.lastReason ?? ''),
    ...lapsedOf(after),
    ...partsOf(after),
    ...overdueOf(after),
    ...pushOf(after, places.get(task.instanceId)?.executor ?? null),
    failure: task.failure,
  };
}

function lapsedOf({ lease, now }: TaskAggregate): Pick<TaskSnapshot, 'lapsedLeaseId'> {
  return lease !== null && isLapsed(lease, now) ? { lapsedLeaseId: lease.id } : {};
}

function partsOf(after: TaskAggregate): Pick<TaskSnapshot, 'parts'> {
  if (after.task.join === null) return {};
  const { joined, moves, open, released } = standOf(after);
  const isDecided = joined.kind !== 'open' || isFinal(after.task.status);
  return { parts: { released, open, isDecided, isDue: moves.length > 0 || endByParts(after, null) !== null } };
}

function overdueOf({ task, now }: TaskAggregate): Pick<TaskSnapshot, 'overdueAt'> {
  const { dueAt } = task;
  return dueAt !== null && isPastDue(task, now) && !hasMissedDue(task) ? { overdueAt: dueAt.toISOString() } : {};
}

/** The place of a task in the hands of Temporal's workers: an open lease of theirs, or the wait for a slot (rule U2). */
function pushOf({ task, lease, now }: TaskAggregate, executor: Executor | null): Pick<TaskSnapshot, 'push'> {
  if (lease !== null) {
    const taskQueue = queueOf(lease.workerId);
    if (lease.expiresAt !== null || taskQueue === null) return {};
    return { push: { taskQueue, leaseId: lease.id, attempt: lease.attempt } };
  }
  if (task.status !== 'queued' || executor === null) return {};
  const waitMs = Math.max(remaining(task.availableAt, now) ?? 0, remaining(task.notBefore, now) ?? 0);
  return { push: { taskQueue: executor.task_queue, leaseId: null, waitMs } };
}

type Refs = ReadonlyMap<string, InstanceRef>;

function placesOf(before: LockedTask, more: readonly PlaceRef[]): ReadonlyMap<string, PlaceRef> {
  const known = before.delegations.flatMap((link) => [link.sourceInstance, link.targetInstance]);
  return new Map([before.entryInstance, ...known, ...more].map((place) => [place.id, place]));
}

function linkOf(delegation: Delegation, before: LockedTask, refs: Refs, reason: string | undefined): SnapshotLink {
  const old: ChainLink | undefined = before.delegations.find((link) => link.id === delegation.id);
  const why = shortened(delegation.notes ?? (old === undefined ? reason : old.reason) ?? '');
  return {
    delegationId: delegation.id,
    hop: delegation.hop,
    delegationType: delegation.delegationType,
    status: delegation.status,
    from: refOf(refs, delegation.sourceInstanceId),
    to: refOf(refs, delegation.targetInstanceId),
    why,
    decidedBy: delegation.decidedBy,
  };
}

/** A snapshot goes into the history with every step: the full words stay in the database. */
function shortened(words: string): string {
  if (words.length <= LONGEST_REASON) return words;
  return `${words.slice(0, LONGEST_REASON - 1).replace(HALF_A_PAIR, '')}…`;
}

function refOf(refs: Refs, id: string): InstanceRef {
  const ref = refs.get(id);
  if (ref === undefined) throw new TypeError(`instance ${id} was not read`);
  const { name, scope } = ref;
  return { id, name, scope };
}

function remaining(until: Date | null, now: Date): number | null {
  return until === null ? null : Math.max(0, until.getTime() - now.getTime());
}
