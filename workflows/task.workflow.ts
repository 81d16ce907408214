import { ActivityFailure, ApplicationFailure, CancellationScope, workflowInfo } from '@temporalio/workflow';
import { Board } from './board.ts';
import { listen } from './handlers.ts';
import { Inbox } from './inbox.ts';
import { Journey } from './journey.ts';
import type { TaskOutcome } from './messages.ts';

/** What starts a task: its id if it is on record already, else the whole task. */
export interface TaskWorkflowInput {
  readonly task: { readonly id: string };
}

const PREFIX = 'task/';

/** Carries one task from its entry to its end. It choreographs: behaviours decide, repositories remember. */
export async function taskWorkflow(input: TaskWorkflowInput): Promise<TaskOutcome> {
  const taskId = workflowInfo().workflowId.slice(PREFIX.length);
  const inbox = new Inbox();
  const journey = new Journey(taskId, inbox, new Board(taskId));
  listen(inbox);
  inbox.onCancellation(CancellationScope.current());
  return CancellationScope.nonCancellable(async () => {
    await journey.begin(input).catch(refuseInvalidTask);
    await journey.follow();
    return journey.end();
  });
}

/** Wrong input is the only thing that fails a workflow; the failure itself says what is wrong (law 5). */
function refuseInvalidTask(error: unknown): never {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) throw error;
  const { message, type, details } = error.cause;
  throw ApplicationFailure.create({ message, type: type ?? 'InvalidTask', nonRetryable: true, details: details ?? [] });
}
