import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { type Reconciled, reconcileIdOf } from '../../../../src/domain/reconcile.ts';

/** What a look through the records repaired. */
export type LookedThrough = Pick<Reconciled, 'started' | 'reread' | 'ended' | 'workflowsLeft'>;

const SCHEDULE = reconcileIdOf('hopper');
const LOOK_EVERY_MS = 200;

/** Has the records looked through now, and not only when ten minutes are over. */
export async function lookThrough(temporal: Client, stopping: AbortSignal): Promise<Reconciled> {
  const schedule = temporal.schedule.getHandle(SCHEDULE);
  const actions = async () => (await schedule.describe()).info.recentActions;
  const latest = async () => (await actions()).at(-1)?.action.workflow.workflowId ?? '';
  const before = await latest();
  await schedule.trigger();
  for (;;) {
    const workflowId = await latest();
    if (workflowId !== before) return temporal.workflow.getHandle(workflowId).result() as Promise<Reconciled>;
    await sleep(LOOK_EVERY_MS, undefined, { signal: stopping });
  }
}

/** The ids of the task workflows that are open. */
export async function openWorkflows(temporal: Client): Promise<readonly string[]> {
  const query = "WorkflowType = 'taskWorkflow' AND ExecutionStatus = 'Running'";
  const ids: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

/** How many runs of task workflows there were, over or not. */
export async function workflowRuns(temporal: Client): Promise<number> {
  return (await temporal.workflow.count("WorkflowType = 'taskWorkflow'")).count;
}
