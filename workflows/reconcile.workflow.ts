import { continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { RECONCILE_FROM, type ReconcilePage, type Reconciled } from '../src/domain/reconcile.ts';
import { passes, shownAs } from './activity-proxies.ts';
import { reconcileDetailsOf } from './reconcile-details.ts';

/** One look through all records, page by page; what was repaired is its result (rule N1). */
export async function reconcileWorkflow(begin: ReconcilePage = RECONCILE_FROM): Promise<Reconciled> {
  let page = begin;
  while (page.next !== null) {
    const shown = shownAs(`look through ${page.next.part}`);
    page = await passes.reconcile.executeWithOptions(shown, [page]);
    setCurrentDetails(reconcileDetailsOf(page));
    if (page.next !== null && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof reconcileWorkflow>(page);
  }
  return page.done;
}
