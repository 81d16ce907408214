import type { Delegation } from './delegation.ts';
import type { OpenLease } from './lease.ts';
import type { Part } from './parts/part.ts';
import type { Task } from './task.ts';

/** A task with its delegations in hop order, as they stand at the time `now` of the database. */
export interface TaskAggregate {
  readonly task: Task;
  readonly delegations: readonly Delegation[];
  readonly lease: OpenLease | null;
  /** The parts that it was split into, in their order. */
  readonly parts: readonly Part[];
  readonly now: Date;
}

/** The hop that the next delegation of a task gets (rule D2). */
export function nextHop(delegations: readonly Delegation[]): number {
  return delegations.length;
}
