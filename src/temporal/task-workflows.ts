import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { PublishedState } from '../domain/suspect.ts';
import { workflowIdOf } from '../domain/task.ts';
import type { TaskWorkflows } from './reread-watch.ts';

const STEP = defineSearchAttributeKey('HopperStep', SearchAttributeType.INT);
const BATCH = 50;

/** What the minute check asks of Temporal; `start` is the same that a submission uses. */
export function taskWorkflowsOf(client: Client, start: TaskWorkflows['start']): TaskWorkflows {
  return {
    start,

    async published(taskIds) {
      const states = new Map<string, PublishedState>();
      for (let at = 0; at < taskIds.length; at += BATCH) {
        const batch = taskIds.slice(at, at + BATCH);
        await Promise.all(
          batch.map(async (taskId) => {
            const state = await publishedState(client, taskId);
            if (state !== null) states.set(taskId, state);
          }),
        );
      }
      return states;
    },

    async reread(taskId) {
      await client.workflow
        .getHandle(workflowIdOf(taskId))
        .signal('reread')
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        });
    },
  };
}

/** By description of the exact id, because the list that visibility gives may be behind. */
async function publishedState(client: Client, taskId: string): Promise<PublishedState | null> {
  try {
    return stateOf(await client.workflow.getHandle(workflowIdOf(taskId)).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function stateOf({ status, typedSearchAttributes }: WorkflowExecutionDescription): PublishedState {
  return { isOpen: status.name === 'RUNNING', step: typedSearchAttributes.get(STEP) ?? null };
}
