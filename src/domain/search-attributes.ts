import { assertNever } from './assert-never.ts';
import type { Scope } from './instance.ts';
import type { TaskSnapshot } from './task-snapshot.ts';
import type { TaskStatus } from './task.ts';

export const PHASES = ['routing', 'offered', 'at_work', 'waiting', 'blocked', 'done'] as const;
export type Phase = (typeof PHASES)[number];

/** The search attributes of a task's workflow and their types; never a title, because they are never encrypted. */
export const SEARCH_ATTRIBUTES = {
  HopperPhase: 'KEYWORD',
  HopperScope: 'KEYWORD',
  HopperInstance: 'KEYWORD',
  HopperProject: 'KEYWORD',
  HopperTags: 'KEYWORD_LIST',
  HopperHops: 'INT',
  HopperStep: 'INT',
} as const;

/** The phase in which people look for a task of this status. */
export function phaseOf(status: TaskStatus): Phase {
  switch (status) {
    case 'routing':
    case 'offered':
    case 'waiting':
    case 'blocked':
      return status;
    case 'queued':
    case 'in_progress':
      return 'at_work';
    case 'completed':
    case 'failed':
    case 'rejected':
    case 'cancelled':
      return 'done';
    default:
      return assertNever(status);
  }
}

/** The values of the search attributes. */
export interface TaskAttributes {
  readonly HopperPhase: Phase;
  readonly HopperScope: Scope;
  readonly HopperInstance: string;
  readonly HopperProject: string | null;
  readonly HopperTags: readonly string[];
  readonly HopperHops: number;
  readonly HopperStep: number;
}

const MAX_LIST_BYTES = 2_000;
const ENCODER = new TextEncoder();

/** As many tags as Temporal takes in one search attribute; it ends a workflow that publishes more. */
export function publishableTags(tags: readonly string[]): readonly string[] {
  let count = tags.length;
  while (ENCODER.encode(JSON.stringify(tags.slice(0, count))).length > MAX_LIST_BYTES) count -= 1;
  return tags.slice(0, count);
}

/** What a row says in the words of the search attributes. */
export function attributesOf(row: TaskSnapshot): TaskAttributes {
  return {
    HopperPhase: phaseOf(row.status),
    HopperScope: row.holder.scope,
    HopperInstance: row.holder.name,
    HopperProject: row.project,
    HopperTags: row.tags,
    HopperHops: row.links.length,
    HopperStep: row.step,
  };
}
