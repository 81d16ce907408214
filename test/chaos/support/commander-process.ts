// Somebody who gives commands through the service, in a process of its own, so that it can be killed while it waits.
import { composeApi } from '../../../src/composition.ts';
import { type Settings, readSettings } from '../../../src/config/settings.ts';
import { type Order, giveOrder } from './orders.ts';

const taskQueue = process.env['TASK_QUEUE'] ?? 'hopper';
const settings: Settings = { ...readSettings(process.env), taskQueue };
const { service } = await composeApi(settings);
process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  void giveOrder(service, order).then(
    () => process.send?.({ answered: order.kind }),
    (error: unknown) => process.send?.({ refused: order.kind, detail: String(error) }),
  );
});
process.send?.({ ready: true });
