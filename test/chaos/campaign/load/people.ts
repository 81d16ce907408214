import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadNeeds } from './load.ts';

const LOOK_EVERY_MS = 300;

/** Accepts and refuses what is offered to the people, until the load is over. */
export async function decideOffers(needs: LoadNeeds, over: AbortSignal): Promise<void> {
  const { hopper, ask, ledger } = needs;
  const { instances, delegations } = hopper.client;
  await untilOver(needs, over, async () => {
    const { items } = await ask(() => instances.pendingDelegations(hopper.idOf('manual')));
    for (const { id, task_id } of items) {
      const options = { idempotencyKey: `decide/${id}` };
      if (ledger.scriptOf(task_id) === 'is refused') {
        await ask(() => delegations.reject(id, { reason: 'so it is written' }, options));
        ledger.decided(task_id, id, 'refused');
      } else {
        await ask(() => delegations.accept(id, {}, options));
        ledger.decided(task_id, id, 'accepted');
      }
    }
  });
}

/** Completes and cancels what is at the desk, by hand, until the load is over. */
export async function workAtDesk(needs: LoadNeeds, over: AbortSignal): Promise<void> {
  const { hopper, ask, ledger, random } = needs;
  const { instances, tasks } = hopper.client;
  await untilOver(needs, over, async () => {
    const { items } = await ask(() => instances.queue(hopper.idOf('desk')));
    for (const task of items) {
      const options = { idempotencyKey: `desk/${task.id}` };
      if (ledger.scriptOf(task.id) === 'is cancelled') {
        await ask(() => tasks.cancel(task.id, { reason: 'so it is written' }, options));
        ledger.count('cancelled');
      } else {
        const result = { number: random.fork(task.id).between(1, 1_000_000) };
        await ask(() => tasks.complete(task.id, { result }, options));
        ledger.result(task, result);
        ledger.count('completed by hand');
      }
    }
  });
}

async function untilOver({ stopping }: LoadNeeds, over: AbortSignal, round: () => Promise<void>): Promise<void> {
  while (!over.aborted) {
    await round();
    await sleep(LOOK_EVERY_MS, undefined, { signal: stopping });
  }
}
