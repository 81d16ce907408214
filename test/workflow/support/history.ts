import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto'; // CommonJS: Node itself finds no named export in it

const { EventType } = proto.temporal.api.enums.v1;

/** The names of a history's events, in order. */
export function eventNames({ events }: History): string[] {
  return (events ?? []).map(({ eventType }) => (EventType[eventType ?? 0] ?? '').replace('EVENT_TYPE_', ''));
}

/** How many search-attribute upserts each workflow task that has any has. */
export function upsertsPerWorkflowTask({ events }: History): number[] {
  const counts = new Map<string, number>();
  for (const { upsertWorkflowSearchAttributesEventAttributes: upsert } of events ?? []) {
    if (upsert === null || upsert === undefined) continue;
    const workflowTask = String(upsert.workflowTaskCompletedEventId);
    counts.set(workflowTask, (counts.get(workflowTask) ?? 0) + 1);
  }
  return [...counts.values()];
}
