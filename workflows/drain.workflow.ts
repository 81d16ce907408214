import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { type DrainReport, countLeft, drainWaitMs } from '../src/domain/drain.ts';
import { passes, shownAs, steps } from './activity-proxies.ts';
import { drainDetailsOf } from './drain-details.ts';
import { type DrainOutcome, type DrainState, drainStateQuery, rereadSignal } from './messages.ts';

/** What starts a drain; its workflow id is `drain/` and this id. */
export interface DrainWorkflowInput {
  readonly instanceId: string;
}

const PREFIX = 'drain/';

/** Moves the open tasks of a stopping instance away until none is left, and ends with the instance stopped. */
export async function drainWorkflow(input: DrainWorkflowInput): Promise<DrainOutcome> {
  const instanceId = workflowInfo().workflowId.slice(PREFIX.length);
  const drain = new Drain(instanceId);
  for (;;) {
    const { instance } = await drain.pass();
    if (!drain.wasAskedAgain && instance?.status !== 'stopping') {
      return { instanceId, status: instance?.status ?? null };
    }
    if (drain.wasAskedAgain) continue;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof drainWorkflow>(input);
    await drain.rest();
  }
}

/** One drain: what it saw last, and how often it was told that the instance stops. */
class Drain {
  private readonly instanceId: string;
  private asked = 0;
  private answered = 0;
  private count = 0;
  private report: DrainReport = { instance: null, left: [] };

  constructor(instanceId: string) {
    this.instanceId = instanceId;
    setHandler(rereadSignal, () => void (this.asked += 1), {
      description: 'The instance stops, perhaps once more: the drain looks again at once. Carries no facts.',
    });
    setHandler(drainStateQuery, () => this.state(), { description: 'How many tasks still have to leave, by status.' });
  }

  /** The instance was stopped again since the last pass began. */
  get wasAskedAgain(): boolean {
    return this.asked > this.answered;
  }

  async pass(): Promise<DrainReport> {
    const { instanceId } = this;
    this.answered = this.asked;
    this.count += 1;
    const pass = `${workflowInfo().runId}/${String(this.count)}`;
    this.show(await passes.drainInstance.executeWithOptions(shownAs('move tasks away'), [{ instanceId, pass }]));
    const isEmpty = this.report.instance?.status === 'stopping' && countLeft(this.report) === 0;
    if (isEmpty) this.show(await steps.finishDrain.executeWithOptions(shownAs('stop if empty'), [{ instanceId }]));
    return this.report;
  }

  async rest(): Promise<void> {
    await condition(() => this.wasAskedAgain, drainWaitMs(this.count), shownAs('tasks leave by themselves'));
  }

  private show(report: DrainReport): void {
    this.report = report;
    setCurrentDetails(drainDetailsOf(report, this.count));
  }

  private state(): DrainState {
    const { instanceId, report, count } = this;
    return { instanceId, status: report.instance?.status ?? null, passes: count, left: report.left };
  }
}
