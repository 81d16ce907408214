import { QueryTypes, type Sequelize } from 'sequelize';
import type { InstanceEvent, TaskEvent } from '../../domain/task-event.ts';

const OF_TASK = `
  SELECT task_id AS "taskId", seq, type, at, actor, data FROM task_events WHERE task_id = $1 ORDER BY seq`;
const OF_INSTANCE = `
  SELECT instance_id AS "instanceId", seq, type, at, actor, data FROM instance_events WHERE instance_id = $1 ORDER BY seq`;

/** The audit trail of a task, which outlives the task. */
export async function eventsOfTask(sequelize: Sequelize, taskId: string): Promise<readonly TaskEvent[]> {
  return sequelize.query<TaskEvent>(OF_TASK, { bind: [taskId], type: QueryTypes.SELECT });
}

/** The audit trail of an instance. */
export async function eventsOfInstance(sequelize: Sequelize, instanceId: string): Promise<readonly InstanceEvent[]> {
  return sequelize.query<InstanceEvent>(OF_INSTANCE, { bind: [instanceId], type: QueryTypes.SELECT });
}
