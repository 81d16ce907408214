import type { OpenLease } from '../../domain/lease.ts';
import type { ChainLink, PlaceRef } from '../../domain/chain.ts';
import { type LinkRow, toChainLink } from '../models/delegation.model.ts';
import { type TaskRow, toTask } from '../models/task.model.ts';
import type { LockedTask } from './task.repository.ts';
import type { Part } from '../../domain/parts/part.ts';

/** The row of `readLockedSql`: the task's columns, and beside them what belongs to it. */
export interface LockedRow extends TaskRow {
  readonly hops: readonly HopRow[] | null;
  readonly now: Date;
  readonly entryInstance: PlaceRef;
  readonly lastReason: string | null;
  readonly isKnownCommand: boolean;
  readonly lease: (Omit<OpenLease, 'expiresAt'> & { readonly expiresAt: string | null }) | null;
  readonly around: LockedTask['around'] | null;
  readonly holder: LockedTask['holder'];
  readonly policyHash: string | null;
  readonly parts: readonly PartRow[] | null;
}

type LaterTimes = 'acceptedAt' | 'completedAt' | 'expiresAt';
type HopRow = Omit<LinkRow, 'delegatedAt' | LaterTimes> &
  Readonly<Record<LaterTimes, string | null>> & { readonly delegatedAt: string; readonly reason: string | null };

type PartRow = Omit<Part, 'finishedAt'> & { readonly finishedAt: string | null };

/** The task that the row tells of. */
export function lockedTask(row: LockedRow): LockedTask {
  const { now, entryInstance, lastReason, isKnownCommand, holder, policyHash } = row;
  return {
    task: toTask(row),
    delegations: (row.hops ?? []).map(linkOf),
    lease: leaseOf(row.lease),
    parts: (row.parts ?? []).map(partOf),
    around: row.around ?? [],
    ...{ now, entryInstance, lastReason, isKnownCommand, holder, policyHash },
  };
}

function linkOf({ reason, ...row }: HopRow): ChainLink {
  const times = {
    delegatedAt: new Date(row.delegatedAt),
    acceptedAt: timeOrNull(row.acceptedAt),
    completedAt: timeOrNull(row.completedAt),
    expiresAt: timeOrNull(row.expiresAt),
  };
  return toChainLink({ ...row, ...times }, reason);
}

function timeOrNull(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}

function partOf(row: PartRow): Part {
  return { ...row, finishedAt: timeOrNull(row.finishedAt) };
}

function leaseOf(lease: LockedRow['lease']): OpenLease | null {
  if (lease === null) return null;
  return { ...lease, expiresAt: timeOrNull(lease.expiresAt) };
}
