import type { InstanceEventResponse, TaskEventResponse } from '../../domain/event.schema.ts';
import type { InstanceEvent, TaskEvent } from '../../domain/task-event.ts';
import { jsonObject } from './json.ts';
import { time } from './time.ts';

export function presentTaskEvent(event: TaskEvent): TaskEventResponse {
  return { task_id: event.taskId, ...presentLine(event) };
}

export function presentInstanceEvent(event: InstanceEvent): InstanceEventResponse {
  return { instance_id: event.instanceId, ...presentLine(event) };
}

function presentLine({ seq, type, at, actor, data }: TaskEvent | InstanceEvent): Omit<TaskEventResponse, 'task_id'> {
  return { seq, type, at: time(at), actor: { name: actor.name, role: actor.role }, data: jsonObject(data) };
}
