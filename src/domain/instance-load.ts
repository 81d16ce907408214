import type { Task } from './task.ts';
import { isAtWork } from './task.ts';
import type { TaskAggregate } from './task-aggregate.ts';

/** What a change of a task adds to, or takes from, the load of one instance. */
export interface LoadChange {
  readonly instanceId: string;
  readonly busy: number;
  readonly direct: number;
  readonly offeredAt: Date | null;
}

/** The loads that differ between two states of a task, in the order in which their rows are locked: by instance id. */
export function loadChanges(before: TaskAggregate, after: TaskAggregate): readonly LoadChange[] {
  const known = new Set(before.delegations.map((each) => each.id));
  const opened = after.delegations.filter((each) => !known.has(each.id));
  const parts = [
    ...loadOf(after),
    ...loadOf(before).map(({ instanceId, busy, direct }) => ({ instanceId, busy: -busy, direct: -direct })),
    ...opened.map((each) => ({ instanceId: each.targetInstanceId, offeredAt: each.delegatedAt })),
  ];
  const ids = [...new Set(parts.map((part) => part.instanceId))].sort();
  return ids.map((id) => summed(id, parts)).filter(isDifference);
}

interface Part {
  readonly instanceId: string;
  readonly busy?: number;
  readonly direct?: number;
  readonly offeredAt?: Date;
}

function loadOf({ task, delegations }: TaskAggregate): readonly Required<Omit<Part, 'offeredAt'>>[] {
  const offers = delegations.filter((each) => each.status === 'pending');
  const direct = Number(isAtWork(task.status));
  return [
    { instanceId: task.instanceId, busy: Number(isBusyWith(task)), direct },
    ...offers.map((each) => ({ instanceId: each.targetInstanceId, busy: 1, direct: 0 })),
  ];
}

/** Who waits for an answer is not busy with the task. */
function isBusyWith({ status }: Task): boolean {
  return isAtWork(status) && status !== 'blocked';
}

function summed(instanceId: string, parts: readonly Part[]): LoadChange {
  const mine = parts.filter((part) => part.instanceId === instanceId);
  const sum = (key: 'busy' | 'direct'): number => mine.reduce((total, part) => total + (part[key] ?? 0), 0);
  const times = mine.flatMap(({ offeredAt }) => (offeredAt === undefined ? [] : [offeredAt]));
  const [latest = null] = times.toSorted((a, b) => b.getTime() - a.getTime());
  return { instanceId, busy: sum('busy'), direct: sum('direct'), offeredAt: latest };
}

function isDifference({ busy, direct, offeredAt }: LoadChange): boolean {
  return busy !== 0 || direct !== 0 || offeredAt !== null;
}
