import type { InstanceStatus } from './instance.ts';
import type { TaskStatus } from './task.ts';

/** How many tasks of one status there are. */
export interface TaskCount {
  readonly status: TaskStatus;
  readonly count: number;
}

/** What whoever stops an instance ordered besides, and who did; null: nobody. */
export interface StopOrders {
  /** Work in progress is not waited for: its leases are ended. */
  readonly forcedBy: string | null;
  /** Once it is stopped it is terminated. */
  readonly deletedBy: string | null;
}

export const NO_ORDERS: StopOrders = { forcedBy: null, deletedBy: null };

/** How far a drain has come: the instance as it stands, and the tasks that still have to leave it. */
export interface DrainReport {
  /** null: there is no such instance. */
  readonly instance: {
    readonly name: string;
    readonly status: InstanceStatus;
    /** Who forces the stop; absent where nobody does. */
    readonly forcedBy?: string;
  } | null;
  readonly left: readonly TaskCount[];
}

/** How many tasks are left, whatever their status. */
export function countLeft({ left }: Pick<DrainReport, 'left'>): number {
  return left.reduce((sum, { count }) => sum + count, 0);
}

/** The id of the workflow that moves the open tasks of a stopping instance away. */
export function drainIdOf(instanceId: string): string {
  return `drain/${instanceId}`;
}

const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
const LONGEST_WAIT_MS = 60_000;

/** How long a drain waits after this pass, the first being 1: what is left leaves by itself, or when its worker is done. */
export function drainWaitMs(pass: number): number {
  return WAITS_MS[pass - 1] ?? LONGEST_WAIT_MS;
}
