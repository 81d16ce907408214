import { type RawValue, rawValueTypeInfo } from '@temporalio/common';
import { ActivityCancellationType, CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ExecuteTaskInput, Execution, PushResult } from '../src/domain/execution.ts';
import type { TaskSnapshot } from '../src/domain/task-snapshot.ts';
import { shownAs, steps } from './activity-proxies.ts';
import type { Ordered } from './carry-out.ts';
import type { Inbox } from './inbox.ts';
import { afterFailure, afterResult, lost } from './push-outcome.ts';

/** What the workers of a push instance offer, in whatever language they are written. */
interface Worker {
  executeTask(input: ExecuteTaskInput): Promise<RawValue | undefined>;
}

/** The work of Temporal's workers: it runs beside the inbox, and what comes of it goes through the inbox (law 1). */
export class Push {
  private readonly taskId: string;
  private readonly inbox: Inbox;
  private asked = 0;
  private lookedAt: TaskSnapshot | null = null;
  private open: { readonly leaseId: string; readonly scope: CancellationScope } | null = null;

  constructor(taskId: string, inbox: Inbox) {
    this.taskId = taskId;
    this.inbox = inbox;
  }

  /** True while a worker may be at work, or its answer waits for its turn: no new run may begin (law 6). */
  get isOpen(): boolean {
    return this.open !== null;
  }

  /** A worker whose lease has ended otherwise is told by its next heartbeat. */
  adopt(row: TaskSnapshot | null): void {
    if (this.open === null || this.open.leaseId === row?.push?.leaseId) return;
    const { scope } = this.open;
    this.open = null;
    scope.cancel();
  }

  /** The row says that a slot may be taken, or that somebody works of whom this run knows nothing; asked once for each row. */
  isDue(row: TaskSnapshot): boolean {
    const { push } = row;
    if (push === undefined || row === this.lookedAt) return false;
    return push.leaseId === null ? push.waitMs === 0 : push.leaseId !== this.open?.leaseId;
  }

  /** Takes a slot and starts the worker; one that was lost is given up. The loop calls it, as every step. */
  async begin(): Promise<PushResult> {
    this.asked += 1;
    const request = `push/${workflowInfo().runId}/${String(this.asked)}`;
    const result = await steps.pushTask.executeWithOptions(shownAs('take a slot'), [{ taskId: this.taskId, request }]);
    if (result.verdict === 'gone') return result;
    const { row, execution } = result;
    this.lookedAt = row;
    if (execution !== null) this.start(execution);
    else if (typeof row.push?.leaseId === 'string') this.inbox.put(lost(row.push.leaseId, row.push.taskQueue));
    return result;
  }

  private start(execution: Execution): void {
    const scope = new CancellationScope();
    this.open = { leaseId: execution.leaseId, scope };
    const report = (outcome: Ordered): void => {
      if (this.open?.leaseId === execution.leaseId) this.inbox.put(outcome);
    };
    void scope
      .run(() => execute(execution))
      .then(
        (answered) => {
          report(afterResult(execution, answered));
        },
        (error: unknown) => {
          report(afterFailure(execution, error));
        },
      );
  }
}

/**
 * One attempt and no other by Temporal itself: whether there is another one is the policy's to say (rule U4). The answer
 * comes undecoded, so that one which nobody can read fails the attempt and not the workflow (rule U3).
 */
function execute(execution: Execution): Promise<RawValue | undefined> {
  const { taskQueue, startToCloseMs, heartbeatMs, scheduleToStartMs, input } = execution;
  const { executeTask } = proxyActivities<Worker>({
    taskQueue,
    startToCloseTimeout: startToCloseMs,
    heartbeatTimeout: heartbeatMs,
    scheduleToStartTimeout: scheduleToStartMs,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    activityTypeInfo: { executeTask: { outputType: rawValueTypeInfo } },
    ...shownAs(`attempt ${String(input.attempt)}`),
  });
  return executeTask(input);
}
