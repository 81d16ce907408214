import type { Executor } from './executor.schema.ts';

/** The longest name of a task queue that the record of a worker has room for. */
export const MAX_QUEUE_NAME = 190;

/** Hopper's own task queue, and those that Temporal keeps for itself. */
export const RESERVED_QUEUES: readonly RegExp[] = [/^hopper$/, /^__temporal_/, /^\/_sys\//];

const WORKER = 'temporal:';
const HEARTBEAT_SECONDS = 60;
const SCHEDULE_TO_START_SECONDS = 300;

/** How long Temporal waits for a worker to take a task, and for a sign of life from it. */
export interface ExecutorTimes {
  readonly heartbeatMs: number;
  readonly scheduleToStartMs: number;
}

/** The times of an executor; one that was taken away meanwhile leaves the defaults. */
export function timesOf(executor: Executor | null): ExecutorTimes {
  return {
    heartbeatMs: (executor?.heartbeat_timeout_seconds ?? HEARTBEAT_SECONDS) * 1_000,
    scheduleToStartMs: (executor?.schedule_to_start_timeout_seconds ?? SCHEDULE_TO_START_SECONDS) * 1_000,
  };
}

/** Under which name the workers of a task queue are on record (rule U2). */
export function workerOf(taskQueue: string): string {
  return `${WORKER}${taskQueue}`;
}

/** The task queue that a worker's name tells of; null: it is no worker of Temporal's. */
export function queueOf(workerId: string): string | null {
  return workerId.startsWith(WORKER) ? workerId.slice(WORKER.length) : null;
}
