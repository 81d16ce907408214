import { HOPPER } from '../domain/actor.ts';
import { orphaned } from '../domain/commands/orphaned.ts';
import { isAtWorker } from '../domain/lease.ts';
import { RECONCILE_AFTER_SECONDS } from '../domain/reconcile.ts';
import { lockInstances } from '../persistence/database.ts';
import { recountLoad } from '../persistence/queries/reconcile.query.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import { createJoinParts } from './join-parts.ts';
import type { Ports } from './ports.ts';

/** Repairs of the records: each one transaction that looks again under its lock; false: there was nothing to do (rule N2). */
export interface Repairs {
  /** Ends an open task whose workflow has ended. */
  endOrphan(taskId: string, closedAs: string): Promise<boolean>;
  /** Ends the parts of a task that is over which never began. */
  endLeftParts(wholeId: string): Promise<boolean>;
  /** Ends an open lease of a task that nobody is at work on. */
  endStrayLease(lease: { readonly id: string; readonly taskId: string }): Promise<boolean>;
  /** Counts the load of an instance anew. */
  recountLoad(instanceId: string): Promise<boolean>;
}

export function createRepairs(ports: Ports): Repairs {
  return {
    endOrphan: (taskId, closedAs) => endOrphan(ports, taskId, closedAs),
    endLeftParts: (wholeId) => endLeftParts(ports, wholeId),
    endStrayLease: (lease) => endStrayLease(ports, lease),
    recountLoad: (instanceId) => countAnew(ports, instanceId),
  };
}

async function endOrphan({ database, repositories }: Ports, taskId: string, closedAs: string): Promise<boolean> {
  const commandId = `orphaned/${taskId}`;
  return database.transaction(async (transaction) => {
    const locked = await repositories.tasks.lock(transaction, taskId, commandId);
    if (locked === null || !isSettled(locked)) return false;
    const change = orphaned(locked, closedAs);
    if (change === null) return false;
    await repositories.tasks.write(transaction, { before: locked, change, commandId, delegationId: '' });
    return true;
  });
}

/** As the whole's own workflow would have done, a transaction for each fifty of them. */
async function endLeftParts(ports: Ports, wholeId: string): Promise<boolean> {
  const joinParts = createJoinParts(ports);
  for (;;) {
    const result = await joinParts({ taskId: wholeId });
    if (result.verdict === 'gone') return false;
    if (result.row?.parts?.isDue !== true) return true;
  }
}

async function endStrayLease(
  { database, repositories }: Ports,
  { id, taskId }: { readonly id: string; readonly taskId: string },
): Promise<boolean> {
  const commandId = `stray/${id}`;
  return database.transaction(async (transaction) => {
    const locked = await repositories.tasks.lock(transaction, taskId, commandId);
    if (locked?.lease?.id !== id || isAtWorker(locked.task) || !isSettled(locked)) return false;
    const reason = `it was open while its task was ${locked.task.status}`;
    await repositories.leases.end(transaction, { id, outcome: 'left', reason }, locked.now);
    const data = { lease_id: id, reason };
    await repositories.tasks.appendEvent(transaction, locked, { type: 'lease_ended', actor: HOPPER, commandId, data });
    return true;
  });
}

/** The event is written under the instance's lock, which comes before that of the loads (lock order). */
async function countAnew({ database, repositories }: Ports, instanceId: string): Promise<boolean> {
  return database.transaction(async (transaction) => {
    await lockInstances(transaction, [instanceId], 'exclusive');
    const { before, after } = await recountLoad(database, transaction, instanceId);
    if (before?.busy === after?.busy && before?.direct === after?.direct) return false;
    await repositories.instances.note(transaction, instanceId, 'instance_load_recounted', { from: before, to: after });
    return true;
  });
}

/** What has just changed is nobody's to repair. */
function isSettled({ task, now }: LockedTask): boolean {
  return now.getTime() - task.updatedAt.getTime() >= RECONCILE_AFTER_SECONDS * 1_000;
}
