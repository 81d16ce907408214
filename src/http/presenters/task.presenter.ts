import type { Task } from '../../domain/task.ts';
import { hasMissedDue, workflowIdOf } from '../../domain/task.ts';
import type { TaskResponse } from '../../domain/task.schema.ts';
import { json, jsonObject } from './json.ts';
import { time } from './time.ts';

export function presentTask(task: Task): TaskResponse {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    tags: [...task.tags],
    priority: task.priority,
    estimated_duration: task.estimatedDuration,
    metadata: jsonObject(task.metadata),
    status: task.status,
    blocked_on: task.blockedOn,
    questions: task.questions.map(({ text, askedBy, askedAt, answer, answeredBy }) => ({
      text,
      asked_by: askedBy,
      asked_at: askedAt,
      answer,
      answered_by: answeredBy,
    })),
    attempts: task.totalAttempts,
    available_at: time(task.availableAt),
    instance_id: task.instanceId,
    entry_instance_id: task.entryInstanceId,
    parent_task_id: task.parentTaskId,
    part_key: task.partKey,
    join: task.join,
    retry_of: task.retryOf,
    requester: task.requester,
    external_ref: task.externalRef,
    due_at: time(task.dueAt),
    due_missed: hasMissedDue(task),
    not_before: time(task.notBefore),
    result: json(task.result),
    failure: task.failure,
    finished_by: task.finishedBy,
    workflow_id: workflowIdOf(task.id),
    created_at: time(task.createdAt),
    updated_at: time(task.updatedAt),
    finished_at: time(task.finishedAt),
  };
}
