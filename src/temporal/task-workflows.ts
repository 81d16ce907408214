import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { PublishedState, TaskWorkflows } from '../domain/suspect.ts';
import { workflowIdOf } from '../domain/task.ts';

const STEP = defineSearchAttributeKey('HopperStep', SearchAttributeType.INT);
const BATCH = 50;
/** So many ids in one query are still a short one. */
const LISTED = 100;
/** Anything else, such as a paused one, may go on. */
const CLOSED: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'];

/** The gateway of the service, of which the checks use a part. */
interface Gateway {
  startAgain: TaskWorkflows['start'];
  open: TaskWorkflows['open'];
}

/** What the checks ask of Temporal. */
export function taskWorkflowsOf(client: Client, gateway: Gateway): TaskWorkflows {
  return {
    start: (task) => gateway.startAgain(task),
    open: () => gateway.open(),

    async listed(taskIds) {
      const states = new Map<string, PublishedState>();
      for (let at = 0; at < taskIds.length; at += LISTED) {
        const ids = new Map(taskIds.slice(at, at + LISTED).map((taskId) => [workflowIdOf(taskId), taskId]));
        const query = `ExecutionStatus = 'Running' AND WorkflowId IN (${[...ids.keys()].map((id) => `'${id}'`).join(', ')})`;
        for await (const found of client.workflow.list({ query, pageSize: LISTED })) {
          const taskId = ids.get(found.workflowId);
          if (taskId !== undefined) states.set(taskId, stateOf(found));
        }
      }
      return states;
    },

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

function stateOf({
  status,
  typedSearchAttributes,
}: Pick<WorkflowExecutionInfo, 'status' | 'typedSearchAttributes'>): PublishedState {
  const closed = CLOSED.includes(status.name) ? { isOpen: false, closedAs: status.name } : { isOpen: true };
  return { ...closed, step: typedSearchAttributes.get(STEP) ?? null };
}
