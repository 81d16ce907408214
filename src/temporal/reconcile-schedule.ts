import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { RECONCILE_WORKFLOW, reconcileIdOf } from '../domain/reconcile.ts';

export interface ReconcileScheduleOptions {
  readonly taskQueue: string;
  readonly everyMs: number;
}

/** Sees to it that the records are looked through again and again; one that exists stays as an operator has set it. */
export async function scheduleReconcile(
  client: Client,
  { taskQueue, everyMs }: ReconcileScheduleOptions,
): Promise<void> {
  const scheduleId = reconcileIdOf(taskQueue);
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: everyMs }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: {
        type: 'startWorkflow',
        workflowType: RECONCILE_WORKFLOW,
        workflowId: scheduleId,
        taskQueue,
        args: [],
        staticSummary: 'the records are looked through and repaired',
      },
      state: { note: 'repairs what an audit would report; may be paused, and run now' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
