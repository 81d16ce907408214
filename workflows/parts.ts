import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  type ChildWorkflowHandle,
  ParentClosePolicy,
  getExternalWorkflowHandle,
  startChild,
} from '@temporalio/workflow';
import type { TaskSnapshot } from '../src/domain/task-snapshot.ts';
import { workflowIdOf } from '../src/domain/task.ts';
import { shownAs, steps } from './activity-proxies.ts';
import { TASK_WORKFLOW, rereadSignal } from './messages.ts';

/** The parts of a task, each a workflow of its own; what became of them stands in their rows. */
export class Parts {
  private readonly taskId: string;
  private readonly onEnd: () => void;
  private scope: CancellationScope | null = null;
  private readonly ends: Promise<unknown>[] = [];
  private readonly strangers: string[] = [];
  private started = 0;
  private isStopped = false;

  constructor(taskId: string, onEnd: () => void) {
    this.taskId = taskId;
    this.onEnd = onEnd;
  }

  /** Starts the parts that may begin, or stops those that are open once they are not needed any more. */
  async follow({ parts }: TaskSnapshot): Promise<void> {
    if (parts === undefined) return;
    if (parts.isDecided) {
      if (parts.open > 0) await this.stop();
    } else while (this.started < parts.released) await this.startSome(parts.released);
  }

  /** Stops what is still open and waits for it: no part outlives its task (rule J3). */
  async close(): Promise<void> {
    if (this.ends.length === 0 && this.strangers.length === 0) return;
    await this.stop();
    await Promise.all(this.ends);
  }

  private async startSome(released: number): Promise<void> {
    const ask = { taskId: this.taskId, from: this.started };
    const { parts, next } = await steps.findPartsToStart.executeWithOptions(shownAs('find parts to start'), [ask]);
    this.started = next ?? released;
    await Promise.all(parts.map((part) => this.start(part)));
  }

  private async start({ id, title }: { readonly id: string; readonly title: string }): Promise<void> {
    this.scope ??= new CancellationScope({ cancellable: true }); // below the one of the loop, which nobody cancels
    try {
      const child = await this.scope.run(() =>
        startChild(TASK_WORKFLOW, {
          workflowId: workflowIdOf(id),
          args: [{ task: { id } }],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          staticSummary: title.replaceAll('<', '\\<'),
        }),
      );
      this.ends.push(this.endOf(child));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      this.strangers.push(id); // somebody commanded it before it began
      await this.tell(id, (workflow) => workflow.signal(rereadSignal));
    }
  }

  /** However it ended: the rows say how. */
  private async endOf(child: ChildWorkflowHandle<() => Promise<unknown>>): Promise<void> {
    await child.result().catch(() => undefined);
    this.onEnd();
  }

  private async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    this.scope?.cancel();
    await Promise.all(this.strangers.map((id) => this.tell(id, (workflow) => workflow.cancel())));
  }

  /** One that is over hears nothing, and has nothing to do. */
  private async tell(
    id: string,
    say: (workflow: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>,
  ): Promise<void> {
    await say(getExternalWorkflowHandle(workflowIdOf(id))).catch(() => undefined);
  }
}
