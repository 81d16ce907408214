import { type TestHopper, by, twoHops, untilStatus } from '../../support/hopper.ts';
import type { Order } from './orders.ts';

/** Three tasks, each at the point where its order is due: an open offer, work at an orchestration, and another such. */
export async function readyTasks(hopper: TestHopper): Promise<readonly Order[]> {
  const offered = await hopper.submit({ title: 'to be accepted', tags: ['manual'] });
  await untilStatus(hopper, offered.task.id, 'offered');
  const working = await Promise.all(
    ['to be completed', 'to be escalated'].map(async (title) => {
      const { task } = await hopper.submit({ title, tags: twoHops('auto'), estimated_duration: 240 });
      await untilStatus(hopper, task.id, 'queued');
      return task.id;
    }),
  );
  const [completing = '', escalating = ''] = working;
  return Promise.all([
    orderFor(hopper, 'accept', offered.task.id),
    orderFor(hopper, 'complete', completing),
    orderFor(hopper, 'escalate', escalating),
  ]);
}

/** What must hold once an order was carried out, exactly once, whoever was killed. */
export const OUTCOME = {
  accept: { event: 'delegation_accepted', status: 'queued', instance: 'manual' },
  complete: { event: 'task_completed', status: 'completed', instance: 'auto-builds' },
  escalate: { event: 'task_escalated', status: 'queued', instance: 'auto' },
} as const;

/** How often the event of an order is on record. */
export async function timesOnRecord(hopper: TestHopper, { kind, taskId }: Order): Promise<number> {
  const events = await hopper.service.tasks.events(taskId);
  return events.filter((event) => event.type === OUTCOME[kind].event).length;
}

/** Every open task of these can still be completed; returns the final statuses. */
export async function finishAll(hopper: TestHopper, orders: readonly Order[]): Promise<readonly string[]> {
  const finals = orders.map(async ({ taskId }) => {
    const { status } = await hopper.service.tasks.get(taskId);
    if (status === 'completed') return status;
    return (await hopper.service.tasks.command(taskId, { kind: 'complete' }, by('bob'))).status;
  });
  return Promise.all(finals);
}

async function orderFor({ service }: TestHopper, kind: Order['kind'], taskId: string): Promise<Order> {
  const { chain } = await service.tasks.chain(taskId);
  return { kind, taskId, delegationId: chain.at(-1)?.id ?? '' };
}
