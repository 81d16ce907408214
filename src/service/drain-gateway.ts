import type { Client } from '@temporalio/client';
import { drainIdOf } from '../domain/drain.ts';
import { DRAIN_WORKFLOW, rereadSignal } from '../../workflows/messages.ts';
import { summaryOf, withinDeadline } from './temporal-calls.ts';

/** What is asked of Temporal when an instance stops. */
export interface DrainGateway {
  /** Makes sure that the drain of an instance runs and looks at it once more, also if it was about to end. */
  start(instance: { readonly id: string; readonly name: string }): Promise<void>;
}

/** The signal closes a gap: a drain of the stop before, which has finished but not ended, takes the new stop on. */
export function createDrainGateway(client: Client, taskQueue: string): DrainGateway {
  const within = withinDeadline(client);
  return {
    start: ({ id, name }) =>
      within(async () => {
        await client.workflow.signalWithStart(DRAIN_WORKFLOW, {
          workflowId: drainIdOf(id),
          taskQueue,
          args: [{ instanceId: id }],
          signal: rereadSignal,
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: summaryOf(`${name} stops: its open tasks move away`),
        });
      }),
  };
}
