import type { OpenLease } from '../../domain/lease.ts';
import type { PlaceRef } from '../../domain/chain.ts';
import { behind } from '../models/columns.ts';
import { type LinkRow, toChainLink } from '../models/delegation.model.ts';
import { type TaskRow, toTask } from '../models/task.model.ts';
import type { LockedTask } from './task.repository.ts';
import type { Part } from '../../domain/parts/part.ts';
import { HOP_PREFIX, TASK_PREFIX } from './task-statements.ts';

/** A row of `readLockedSql`: the task's columns and those of one hop, each behind its prefix. */
export interface LockedRow extends Readonly<Record<string, unknown>> {
  readonly reason: string | null;
  readonly now: Date;
  readonly entryInstance: PlaceRef;
  readonly lastReason: string | null;
  readonly isKnownCommand: boolean;
  readonly lease: (Omit<OpenLease, 'expiresAt'> & { readonly expiresAt: string | null }) | null;
  readonly around: LockedTask['around'] | null;
  readonly parts: readonly PartRow[] | null;
}

type PartRow = Omit<Part, 'finishedAt'> & { readonly finishedAt: string | null };

/** The task that the rows tell of; null where there are none. */
export function lockedTask(rows: readonly LockedRow[]): LockedTask | null {
  const [first] = rows;
  if (first === undefined) return null;
  const { now, entryInstance, lastReason, isKnownCommand } = first;
  const hops = rows.filter((row) => row[`${HOP_PREFIX}id`] !== null);
  return {
    task: toTask(behind(TASK_PREFIX, first) as unknown as TaskRow),
    delegations: hops.map((row) => toChainLink(behind(HOP_PREFIX, row) as unknown as LinkRow, row.reason)),
    lease: leaseOf(first.lease),
    parts: (first.parts ?? []).map(partOf),
    around: first.around ?? [],
    ...{ now, entryInstance, lastReason, isKnownCommand },
  };
}

function partOf(row: PartRow): Part {
  return { ...row, finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt) };
}

function leaseOf(lease: LockedRow['lease']): OpenLease | null {
  if (lease === null) return null;
  return { ...lease, expiresAt: lease.expiresAt === null ? null : new Date(lease.expiresAt) };
}
