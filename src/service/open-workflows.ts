import type { Client } from '@temporalio/client';
import { workflowIdOf } from '../domain/task.ts';
import { TASK_WORKFLOW } from '../../workflows/messages.ts';

const PREFIX = workflowIdOf('');

/** The ends of the ids of all workflows that a list shows as open; it may be behind. Those that Hopper started are ids of tasks. */
export async function* openWorkflows(client: Client, taskQueue: string): AsyncGenerator<string> {
  const query = `WorkflowType = '${TASK_WORKFLOW}' AND TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) yield workflowId.slice(PREFIX.length);
}
