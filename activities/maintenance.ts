import { Context, heartbeat } from '@temporalio/activity';
import type { DrainReport } from '../src/domain/drain.ts';
import type { DrainAsk } from '../src/use-cases/drain-instance.ts';
import type { ReconcilePage } from '../src/domain/reconcile.ts';
import type { MaintenanceUseCases } from '../src/use-cases/use-cases.ts';
import { failing } from './failing.ts';

/** What keeps instances and records in order; a pass or page takes long and talks to Temporal, so it is a regular activity (law 4). */
export interface MaintenanceActivities {
  drainInstance(ask: DrainAsk): Promise<DrainReport>;
  finishDrain(ask: { readonly instanceId: string }): Promise<DrainReport>;
  reconcile(page: ReconcilePage): Promise<ReconcilePage>;
}

const HEARTBEAT_MS = 3_000;

export const createMaintenanceActivities = (useCases: MaintenanceUseCases): MaintenanceActivities => ({
  drainInstance: (ask) => failing(() => beating((signal) => useCases.drainInstance(ask, signal))),
  finishDrain: (ask) => failing(() => useCases.finishDrain(ask)),
  reconcile: (page) => failing(() => beating((signal) => useCases.reconcile(page, signal))),
});

/** Everything that a pass waits for has a limit of its own, so a clock may beat for it; a cancelled one ends at once. */
async function beating<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const { cancelled, cancellationSignal } = Context.current();
  const beats = setInterval(heartbeat, HEARTBEAT_MS);
  try {
    return await Promise.race([work(cancellationSignal), cancelled]);
  } finally {
    clearInterval(beats);
  }
}
