import type { StepResult } from '../../../src/domain/step-result.ts';
import type { SnapshotParts, TaskSnapshot } from '../../../src/domain/task-snapshot.ts';
import { isFinal } from '../../../src/domain/task.ts';
import type { PartsToStart } from '../../../src/use-cases/parts-to-start.ts';
import type { FakeRow } from './fake-row.ts';

/** The parts of one task in memory: the first begin together, the last one once they have ended; then the task is completed. */
export class FakeParts {
  private readonly whole: FakeRow;
  private readonly rows: readonly FakeRow[];
  private released: number;
  private seen = 0;

  constructor(whole: FakeRow, rows: readonly FakeRow[]) {
    this.whole = whole;
    this.rows = rows;
    this.released = rows.length - 1;
    whole.around = async (_call, proceed) => this.shown(await proceed());
  }

  findPartsToStart(from: number): PartsToStart {
    const parts = this.rows.slice(from, this.released).map(({ task }) => ({ id: task.id, title: task.title }));
    return { parts, next: null };
  }

  /** Releases what may begin now, and completes the task once no part is open. */
  async join(): Promise<StepResult> {
    this.seen = this.ended;
    if (this.seen >= this.released) this.released = this.rows.length;
    if (this.seen === this.rows.length && !isFinal(this.whole.task.status)) {
      await this.whole.behindItsBack({
        kind: 'complete',
        delegationId: this.whole.chain.at(-1)!.id,
        result: this.seen,
      });
    }
    return this.shown(await this.whole.readNow());
  }

  private get ended(): number {
    return this.rows.filter(({ task }) => isFinal(task.status)).length;
  }

  private shown(result: StepResult): StepResult {
    if (!('row' in result) || result.row === null) return result;
    return { ...result, row: this.waiting(result.row) };
  }

  private waiting(row: TaskSnapshot): TaskSnapshot {
    const { ended, released, seen } = this;
    const isOver = isFinal(row.status);
    const isDue = !isOver && ended > seen;
    const parts: SnapshotParts = { released, open: this.rows.length - ended, isDecided: isOver, isDue };
    return row.status === 'queued' ? { ...row, status: 'waiting', parts } : { ...row, ...(isOver && { parts }) };
  }
}
