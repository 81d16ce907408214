import { type ReconcilePage, addReconciled } from '../../../src/domain/reconcile.ts';

/** Records of so many pages, in memory: on each of them one task is started again. */
export class FakeRecords {
  readonly asked: ReconcilePage[] = [];
  /** Stands between the workflow and the page. */
  around: (proceed: () => Promise<ReconcilePage>) => Promise<ReconcilePage> = (proceed) => proceed();

  private readonly pages: number;

  constructor(pages = 0) {
    this.pages = pages;
  }

  reconcile(page: ReconcilePage): Promise<ReconcilePage> {
    this.asked.push(page);
    return this.around(() => {
      const done = addReconciled(page.done, { tasks: 1_000, started: 1 });
      const isLast = done.started >= this.pages;
      const next = isLast ? null : { part: 'tasks' as const, after: String(done.started) };
      return Promise.resolve({ done, next });
    });
  }
}
