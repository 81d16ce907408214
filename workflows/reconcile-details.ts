import type { ReconcilePage } from '../src/domain/reconcile.ts';
import { ROOM_BELOW } from './current-details.ts';

/** How far a run has come, and what it repaired: what people see in the Temporal UI. */
export function reconcileDetailsOf({ done, next }: ReconcilePage): string {
  const { tasks, started, reread, ended, partsLeft, leasesEnded, loadsRecounted, workflowsLeft, failures } = done;
  const rows = [
    ['tasks looked at', tasks],
    ['workflows started again', started],
    ['workflows told to read their row', reread],
    ['tasks ended whose workflow had ended', ended],
    ['tasks whose parts were left behind', partsLeft],
    ['stray leases ended', leasesEnded],
    ['loads counted anew', loadsRecounted],
    ['workflows without a task on record', workflowsLeft],
    ['repairs that failed', failures],
  ] as const;
  return [
    next === null ? '**Done.**' : `Looks through the ${next.part}.`,
    '',
    '| what | how many |',
    '| --- | --- |',
    ...rows.map(([what, count]) => `| ${what} | ${String(count)} |`),
    ...ROOM_BELOW,
  ].join('\n');
}
