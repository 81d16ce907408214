import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/**
 * Every step is one short transaction, so it is a local activity. An outage longer than the threshold becomes timers
 * instead of workflow task heartbeats (law 4). There is no last attempt: a task waits, it is never lost.
 */
export const steps = proxyLocalActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '60 seconds' },
});

/**
 * A pass of a drain waits for the workflows of tasks, and a page of a look through the records asks Temporal about them, so
 * they are regular activities. Heartbeats tell soon that a worker died; whoever takes over begins again, and finds less to do.
 */
export const passes = proxyActivities<Pick<Activities, 'drainInstance' | 'reconcile'>>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '60 seconds' },
});

/** The options of a step with the line that the Temporal UI shows for it. */
export function shownAs(summary: string): { summary: string } {
  return { summary };
}
