import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { workflowIdOf } from '../domain/task.ts';
import { type By, type CommandAnswer, TASK_WORKFLOW } from '../../workflows/messages.ts';
import { openWorkflows } from './open-workflows.ts';
import { summaryOf, withinDeadline } from './temporal-calls.ts';

/** Everything that the service asks of Temporal. */
export interface TaskGateway {
  /** Starts the workflow of a task that is on record; a second start changes nothing. */
  start(task: { readonly id: string; readonly title: string }): Promise<void>;
  /** As `start`, but a workflow that has ended gets a new run. */
  startAgain(task: { readonly id: string; readonly title: string }): Promise<void>;
  /** The ids of the tasks whose workflows a list shows as open. */
  open(): AsyncIterable<string>;
  /** Gives a command and waits for its answer; null if there is no open workflow. */
  order<Message extends { readonly by: By }>(order: Order<Message>): Promise<CommandAnswer | null>;
  ping(): Promise<void>;
}

export interface Order<Message extends { readonly by: By }> {
  readonly taskId: string;
  readonly definition: UpdateDefinition<CommandAnswer, [Message]>;
  readonly message: Message;
  readonly updateId: string;
}

const PING_MS = 2_000;

export function createTaskGateway(client: Client, taskQueue: string): TaskGateway {
  const within = withinDeadline(client);
  type Reuse = 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE';
  const begin = ({ id, title }: { readonly id: string; readonly title: string }, reuse: Reuse): Promise<void> =>
    within(async () => {
      try {
        await client.workflow.start(TASK_WORKFLOW, {
          workflowId: workflowIdOf(id),
          taskQueue,
          args: [{ task: { id } }],
          workflowIdReusePolicy: reuse,
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: summaryOf(title),
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    });
  return {
    start: (task) => begin(task, 'REJECT_DUPLICATE'),

    startAgain: (task) => begin(task, 'ALLOW_DUPLICATE'),

    open: () => openWorkflows(client, taskQueue),

    order: ({ taskId, definition, message, updateId }) =>
      within(async () => {
        try {
          const handle = client.workflow.getHandle(workflowIdOf(taskId));
          return await handle.executeUpdate(definition, { args: [message], updateId });
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        }
      }),

    ping: () =>
      within(async () => {
        await client.connection.ensureConnected();
        await client.workflowService.getSystemInfo({});
      }, PING_MS),
  };
}
