import type { Standing } from '../domain/exclusions.ts';
import type { InstanceStatus } from '../domain/instance.ts';
import type { PassedOver } from '../domain/scopes/scope-behavior.ts';
import type { Task } from '../domain/task.ts';

const WHY = {
  refused: 'refused this task',
  expired: 'let an offer of this task expire',
  escalated: 'gave this task back',
  postponed: 'asked to be asked again later, as often as it may',
  stopped: 'had this task when it stopped, and has not started again',
} as const satisfies Record<Task['exclusions'][number]['why'], string>;

/** A child that is not asked, with the reason in words (rule R1). */
export function passedOverWords(
  { id, name, status }: { readonly id: string; readonly name: string; readonly status: InstanceStatus },
  task: Task,
  { postponed }: Standing,
): PassedOver {
  return { id, name, why: exclusionWords(id, task, postponed) ?? `is ${status}` };
}

function exclusionWords(id: string, task: Task, postponed: Standing['postponed']): string | null {
  const later = postponed.find((each) => each.instanceId === id);
  if (later !== undefined) return `is to be asked again at ${later.until.toISOString()}`;
  const known = task.exclusions.filter((each) => each.instanceId === id);
  const lasting = known.find((each) => each.why !== 'postponed' && each.why !== 'stopped');
  const last = lasting ?? known[0];
  if (last !== undefined) return WHY[last.why];
  return id === task.entryInstanceId ? 'is where the task came in' : null;
}
