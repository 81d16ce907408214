import { allHandlersFinished, condition, continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import { HOPPER } from '../src/domain/actor.ts';
import { type TaskSnapshot, isToBeRouted } from '../src/domain/task-snapshot.ts';
import { isFinal } from '../src/domain/task.ts';
import type { StepResult } from '../src/domain/step-result.ts';
import { shownAs, steps } from './activity-proxies.ts';
import type { Board } from './board.ts';
import { type Ordered, answerOf, carryOut } from './carry-out.ts';
import type { Inbox } from './inbox.ts';
import type { TaskOutcome } from './messages.ts';
import { Parts } from './parts.ts';
import { Push } from './push.ts';

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_BURST = 32;

/** The way of one task: the row that was adopted last decides what happens next (law 2). */
export class Journey {
  private readonly taskId: string;
  private readonly inbox: Inbox;
  private readonly board: Board;
  private readonly parts: Parts;
  private readonly push: Push;
  private row: TaskSnapshot | null = null;
  private deadline: number | null = null;
  private burst = 0;

  constructor(taskId: string, inbox: Inbox, board: Board) {
    this.taskId = taskId;
    this.inbox = inbox;
    this.board = board;
    this.parts = new Parts(taskId, () => {
      inbox.onPart();
    });
    this.push = new Push(taskId, inbox);
  }

  /** Decides where the task goes from its entry; a task that a foreign client started is put on record first. */
  async begin(input: unknown): Promise<void> {
    if (isOnRecord(input, this.taskId)) await this.decide(0);
    if (this.row !== null) return;
    const { workflowId } = workflowInfo();
    await steps.admitTask.executeWithOptions(shownAs('put on record'), [{ workflowId, input }]);
    await this.decide(0);
  }

  /** Until the task is final: decide where it goes, or wait for news and carry it out. */
  async follow(): Promise<void> {
    for (let row = this.row; row !== null && !isFinal(row.status); row = this.row) {
      const { step } = row;
      if (isToBeRouted(row)) await this.decide(step);
      else if (row.parts?.isDue === true) await this.join();
      else if (this.push.isDue(row) && this.inbox.isEmpty) this.adopt(await this.push.begin());
      else await this.waitAndCarryOut(row);
    }
  }

  /** Answers what still waits, then ends: nothing that arrived is left without an answer. */
  async end(): Promise<TaskOutcome> {
    this.board.publish();
    await this.parts.close();
    while (this.row?.parts?.isDue === true) await this.join();
    while (!this.inbox.isEmpty || !allHandlersFinished()) {
      await condition(() => !this.inbox.isEmpty || allHandlersFinished());
      await this.takeOne();
    }
    const { row, taskId } = this;
    if (row === null)
      return { taskId, status: 'cancelled', failure: { code: 'deleted', reason: 'the task was deleted' } };
    return { taskId, status: row.status, failure: row.failure };
  }

  private async waitAndCarryOut(row: TaskSnapshot): Promise<void> {
    await this.parts.follow(row);
    if (this.inbox.isEmpty) this.board.publish();
    if (workflowInfo().continueAsNewSuggested && this.isIdle(row)) {
      await continueAsNew({ task: { id: this.taskId } });
    }
    if (await this.hasNews()) await this.takeOne();
    else if (row.offer !== null) await this.expire(row.offer.delegationId);
    else if (row.push !== undefined) this.adopt(await this.push.begin());
    else await this.decide(row.step);
  }

  /** Nothing waits for an answer, no part is open that would lose its parent, and no worker whose answer would be lost (law 6). */
  private isIdle({ status }: TaskSnapshot): boolean {
    return this.inbox.isEmpty && allHandlersFinished() && status !== 'waiting' && !this.push.isOpen;
  }

  private async hasNews(): Promise<boolean> {
    const hasNews = (): boolean => !this.inbox.isEmpty;
    if (!hasNews()) this.burst = 0;
    if (this.deadline !== null) {
      const left = Math.max(SHORTEST_WAIT_MS, this.deadline - Date.now());
      return condition(hasNews, left, shownAs(whatIsDue(this.row)));
    }
    await condition(hasNews);
    return true;
  }

  private async takeOne(): Promise<void> {
    await this.makeRoom();
    const next = this.inbox.take();
    if (next === null) return;
    if (next === 'parts') {
      await this.join();
      return;
    }
    if (next === 'reread') {
      this.adopt(await steps.readTask.executeWithOptions(shownAs('read the row again'), [{ taskId: this.taskId }]));
      await this.lapse();
      await this.missDue();
      return;
    }
    const result = await this.apply(next);
    this.adopt(result);
    next.answer = answerOf(result);
  }

  /** A burst of commands is spread over workflow tasks, because what one of them may report is limited in size. */
  private async makeRoom(): Promise<void> {
    this.burst += 1;
    if (this.burst % LONGEST_BURST === 0) await sleep(1, shownAs('a burst of commands is spread'));
  }

  private async expire(delegationId: string): Promise<void> {
    const command = { kind: 'expire', delegationId } as const;
    const expiry: Ordered = { commandId: `expire/${delegationId}`, actor: HOPPER, via: 'hopper', command };
    this.adopt(await this.apply(expiry));
  }

  /** A worker was not heard for too long, and the sweep found no attempts left (design §7). */
  private async lapse(): Promise<void> {
    const leaseId = this.row?.lapsedLeaseId;
    if (typeof leaseId !== 'string') return;
    const command = { kind: 'lapse', leaseId } as const;
    this.adopt(await this.apply({ commandId: `lapse/${leaseId}`, actor: HOPPER, via: 'hopper', command }));
  }

  /** The sweep found that its due time has passed (design §7). The step tells a time that is missed once more apart. */
  private async missDue(): Promise<void> {
    const { row } = this;
    if (row === null || typeof row.overdueAt !== 'string') return;
    const command = { kind: 'overdue', dueAt: row.overdueAt } as const;
    const commandId = `overdue/${row.overdueAt}/${String(row.step)}`;
    this.adopt(await this.apply({ commandId, actor: HOPPER, via: 'hopper', command }));
  }

  private apply(ordered: Ordered): Promise<StepResult> {
    return carryOut(this.taskId, this.row, ordered);
  }

  /** Part after part is looked at as the rows stand: what a child workflow answers is no more than a hint. */
  private async join(): Promise<void> {
    this.adopt(await steps.joinParts.executeWithOptions(shownAs('look at the parts'), [{ taskId: this.taskId }]));
  }

  private async decide(expectedStep: number): Promise<void> {
    const shown = shownAs(this.row === null ? 'decide' : `decide at ${this.row.holder.name}`);
    this.adopt(await steps.routeTask.executeWithOptions(shown, [{ taskId: this.taskId, expectedStep }]));
  }

  private adopt(result: StepResult): void {
    this.row = result.verdict === 'gone' ? null : result.row;
    this.push.adopt(this.row);
    const waitMs = this.row?.offer?.expiresInMs ?? this.row?.retryInMs ?? restOf(this.row);
    this.deadline = waitMs === null ? null : Date.now() + waitMs;
    if (this.row !== null) this.board.adopt(this.row);
  }
}

function isOnRecord(input: unknown, taskId: string): boolean {
  return JSON.stringify(input) === JSON.stringify({ task: { id: taskId } });
}

/** How long a task rests before it takes a slot; null: it does not, or waits until one is free. */
function restOf(row: TaskSnapshot | null): number | null {
  const push = row?.push;
  return push?.leaseId === null && push.waitMs > 0 ? push.waitMs : null;
}

function whatIsDue(row: TaskSnapshot | null): string {
  if (row?.offer) return 'the offer expires';
  return row?.push === undefined ? 'the task is decided again' : 'the task may be tried again';
}
