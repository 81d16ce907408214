import { type PushResult, executionOf } from '../domain/execution.ts';
import { workerOf } from '../domain/executor.ts';
import type { Instance } from '../domain/instance.ts';
import { lockInstances } from '../persistence/database.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import type { Ports } from './ports.ts';
import { rowId } from './row-id.ts';
import { snapshotOf } from './snapshot.ts';
import { workAtHolder } from './work-at.ts';

/** A workflow's wish for a slot; the same request again finds the same lease. */
export interface PushAsk {
  readonly taskId: string;
  readonly request: string;
}

export type PushTask = (ask: PushAsk) => Promise<PushResult>;

const MAX_TRIES = 20;

/**
 * Takes a slot for a task that is queued at a push instance, as a claim does, with a lease that Temporal watches
 * instead of the sweep; where none is free, or the task has gone on, it only answers the row (rule U2).
 */
export function createPushTask(ports: Ports): PushTask {
  return async (ask) => {
    for (let tries = 1; ; tries += 1) {
      const result = await pushOnce(ports, ask, tries === MAX_TRIES);
      if (result !== 'retry') return result;
    }
  };
}

function pushOnce(ports: Ports, { taskId, request }: PushAsk, isLast: boolean): Promise<PushResult | 'retry'> {
  const { tasks, instances, leases } = ports.repositories;
  return ports.database.transaction(async (transaction) => {
    const seen = await tasks.get(transaction, taskId);
    if (seen === null) return { verdict: 'gone' };
    await lockInstances(transaction, [seen.instanceId], 'shared');
    const locked = await tasks.lock(transaction, taskId, '');
    const instance = await instances.get(transaction, seen.instanceId);
    if (locked === null || instance === null) return { verdict: 'gone' };
    const leaseId = rowId(taskId, request, 'lease');
    if (locked.lease?.id === leaseId) return begun(locked, instance);
    const { executor } = instance.config;
    const hasMoved = locked.task.instanceId !== instance.id || locked.task.status !== 'queued';
    if (hasMoved || executor === undefined || instance.status !== 'running') return unchanged(locked);
    const { maxConcurrentTasks: limit, workerTimeoutSeconds: timeoutSeconds } = await workAtHolder(
      ports,
      transaction,
      locked,
    );
    const workerId = workerOf(executor.task_queue);
    const found = await leases.claim(transaction, {
      ...{ taskId, instanceId: instance.id, leaseId, workerId, requestId: leaseId, limit, timeoutSeconds },
      ...{ skills: null, order: 'aging', orderProblem: null },
      actor: { name: workerId, role: 'worker', subtree: null },
    });
    if (found.kind === 'retry' && !isLast) return 'retry';
    if (found.kind !== 'leased') return unchanged(locked);
    const taken = await tasks.lock(transaction, taskId, '');
    return taken === null ? { verdict: 'gone' } : begun(taken, instance);
  });
}

function begun(locked: LockedTask, instance: Instance): PushResult {
  const execution =
    locked.lease === null ? null : executionOf(locked.task, locked.lease, instance.config.executor ?? null);
  return { verdict: 'done', row: snapshotOf(locked, locked), execution };
}

function unchanged(locked: LockedTask): PushResult {
  return { verdict: 'done', row: snapshotOf(locked, locked), execution: null };
}
