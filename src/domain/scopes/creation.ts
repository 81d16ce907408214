import type { Scope } from '../instance.ts';
import type { WantedInstance } from '../routing-decision.ts';
import type { TaskToRoute } from './scope-behavior.ts';

/** A new instance is named after the task's first tag and can do what the tags say (rule C3). */
export function wantedInstance(scope: Scope, task: TaskToRoute): WantedInstance {
  const capabilities = [...new Set(task.tags.map((tag) => tag.trim()))];
  return { scope, name: capabilities[0] ?? scope, capabilities };
}
