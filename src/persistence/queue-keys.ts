import type { QueueOrder } from '../domain/scopes/queue-order.ts';

const COLUMNS: Readonly<Record<QueueOrder, readonly string[]>> = {
  aging: ['queue_key', 'id'],
  age: ['queued_at', 'priority', 'id'],
  priority: ['priority', 'queued_at', 'id'],
};

/** The columns of a task by which a queue is sorted; each order has its index. */
export function queueKeys(order: QueueOrder, table: string): string {
  return COLUMNS[order].map((column) => `${table}.${column}`).join(', ');
}
