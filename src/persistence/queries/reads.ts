import type { Transaction } from 'sequelize';
import type { InboxItem } from '../../domain/inbox.ts';
import type { Instance } from '../../domain/instance.ts';
import type { InstanceStats } from '../../domain/instance-stats.ts';
import type { Page } from '../../domain/page.ts';
import type { QueueOrder } from '../../domain/scopes/queue-order.ts';
import type { Task } from '../../domain/task.ts';
import type { InstanceEvent, TaskEvent } from '../../domain/task-event.ts';
import type { TaskQuery } from '../../domain/task.schema.ts';
import type { Models } from '../models/models.ts';
import { eventsOfInstance, eventsOfTask } from './events.query.ts';
import { inboxOf } from './inbox.query.ts';
import { statsOf } from './instance-stats.query.ts';
import { type InstanceListQuery, listInstances, subtreeOf } from './instance-list.query.ts';
import { type RecordPage, type RecordedTask, recordedTasks } from './recorded-tasks.query.ts';
import { listTasks, queueOf } from './task-list.query.ts';

/** The read side: what people and programs look at. */
export interface Reads {
  listTasks(query: TaskQuery): Promise<Page<Task>>;
  queueOf(instanceId: string, order: QueueOrder): Promise<readonly Task[]>;
  listInstances(query: InstanceListQuery): Promise<Page<Instance>>;
  subtreeOf(rootId: string | null): Promise<readonly Instance[]>;
  inboxOf(instanceId: string | null): Promise<readonly InboxItem[]>;
  statsOf(instanceId: string): Promise<Omit<InstanceStats, 'slotLimit'>>;
  eventsOfTask(taskId: string): Promise<readonly TaskEvent[]>;
  eventsOfInstance(instanceId: string): Promise<readonly InstanceEvent[]>;
  /** The records of the next tasks behind an id, as the transaction sees them. */
  recordedTasks(transaction: Transaction, page: RecordPage): Promise<readonly RecordedTask[]>;
  ping(): Promise<void>;
}

export function createReads(models: Models): Reads {
  return {
    listTasks: (query) => listTasks(models, query),
    queueOf: (instanceId, order) => queueOf(models, instanceId, order),
    listInstances: (query) => listInstances(models, query),
    subtreeOf: (rootId) => subtreeOf(models, rootId),
    inboxOf: (instanceId) => inboxOf(models, instanceId),
    statsOf: (instanceId) => statsOf(models.sequelize, instanceId),
    eventsOfTask: (taskId) => eventsOfTask(models.sequelize, taskId),
    eventsOfInstance: (instanceId) => eventsOfInstance(models.sequelize, instanceId),
    recordedTasks: (transaction, page) => recordedTasks(models, transaction, page),
    ping: async () => {
      await models.sequelize.query('SELECT 1');
    },
  };
}
