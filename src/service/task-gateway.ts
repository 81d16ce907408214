import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcServiceError,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { DomainError } from '../domain/errors.ts';
import { workflowIdOf } from '../domain/task.ts';
import { type By, type CommandAnswer, TASK_WORKFLOW } from '../../workflows/messages.ts';

/** Everything that the service asks of Temporal. */
export interface TaskGateway {
  /** Starts the workflow of a task that is on record; a second start changes nothing. */
  start(task: { readonly id: string; readonly title: string }): Promise<void>;
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

/** Longer than the 10 seconds after which Temporal gives the step of a worker that died to another one. */
const DEADLINE_MS = 20_000;
const LONGEST_SUMMARY = 200;
const PING_MS = 2_000;
const GRPC = { deadlineExceeded: 4, resourceExhausted: 8 } as const;

export function createTaskGateway(client: Client, taskQueue: string): TaskGateway {
  const within = <Result>(work: () => Promise<Result>, ms = DEADLINE_MS): Promise<Result> =>
    client.withDeadline(Date.now() + ms, work).catch((error: unknown) => {
      throw asDomainError(error);
    });

  return {
    start: ({ id, title }) =>
      within(async () => {
        try {
          await client.workflow.start(TASK_WORKFLOW, {
            workflowId: workflowIdOf(id),
            taskQueue,
            args: [{ task: { id } }],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'USE_EXISTING',
            staticSummary: summaryOf(title),
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),

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

/** The Temporal UI reads a summary as Markdown, in which a title must not lose what looks like a tag. */
function summaryOf(title: string): string {
  return title.slice(0, LONGEST_SUMMARY).replaceAll('<', '\\<');
}

function asDomainError(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) {
    return new DomainError('invalid_input', error.cause?.message ?? error.message, { cause: error });
  }
  const code = grpcCodeOf(error);
  if (code === GRPC.resourceExhausted) {
    return new DomainError('too_many_commands', 'too many commands for this task are under way: repeat it', {
      cause: error,
    });
  }
  if (code === GRPC.deadlineExceeded || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    const detail =
      'no answer in time: is a worker running? What was asked may still be done; repeat it with the same Idempotency-Key';
    return new DomainError('temporal_unavailable', detail, { cause: error });
  }
  if (code !== null)
    return new DomainError('temporal_unavailable', 'Temporal cannot be reached: repeat the request', { cause: error });
  return error;
}

function grpcCodeOf(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause.code : null;
}
