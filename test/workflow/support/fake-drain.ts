import type { DrainReport } from '../../../src/domain/drain.ts';
import type { InstanceStatus } from '../../../src/domain/instance.ts';
import type { DrainAsk } from '../../../src/use-cases/drain-instance.ts';

/** A pass of the drain, and when the workflow asked for it. */
interface Pass extends DrainAsk {
  readonly at: Date;
}

/** An instance that stops, in memory: after each pass as many tasks are left as the test says. */
export class FakeDrain {
  readonly passes: Pass[] = [];
  status: InstanceStatus = 'stopping';
  forcedBy: string | null = null;
  /** Tasks that come between a pass and the look under the lock. */
  surprises = 0;
  /** Stands between the workflow and the pass. */
  around: (proceed: () => Promise<DrainReport>) => Promise<DrainReport> = (proceed) => proceed();
  /** Runs when the instance was found empty and has stopped. */
  onStopped: () => Promise<void> = () => Promise.resolve();

  private readonly leftAfter: number[];
  private readonly clock: () => Promise<Date>;

  constructor(leftAfter: readonly number[], clock: () => Promise<Date>) {
    this.leftAfter = [...leftAfter];
    this.clock = clock;
  }

  async drainInstance(ask: DrainAsk): Promise<DrainReport> {
    this.passes.push({ ...ask, at: await this.clock() });
    return this.around(() => {
      const left = this.status === 'stopping' ? (this.leftAfter.shift() ?? 0) : 0;
      return Promise.resolve(this.report(left));
    });
  }

  async finishDrain(): Promise<DrainReport> {
    if (this.surprises > 0) return this.report(this.surprises--);
    this.status = 'stopped';
    await this.onStopped();
    return this.report(0);
  }

  private report(left: number): DrainReport {
    const forced = this.forcedBy === null ? {} : { forcedBy: this.forcedBy };
    const instance = { name: 'agents', status: this.status, ...forced };
    return { instance, left: left === 0 ? [] : [{ status: 'in_progress', count: left }] };
  }
}
