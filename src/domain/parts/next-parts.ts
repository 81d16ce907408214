import { isFinal } from '../task.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import { type Joined, joined } from './join.ts';
import type { Part } from './part.ts';

/** A part that may begin now, or never will. */
export interface PartMove {
  readonly part: Part;
  readonly to: 'released' | 'skipped' | 'cancelled';
  readonly reason: string;
}

/** What is to be done with the parts of a task, and whether they end it. */
export interface PartsStand {
  readonly joined: Joined;
  readonly moves: readonly PartMove[];
  /** Parts that are not final. */
  readonly open: number;
  readonly released: number;
}

/**
 * Where the parts of a task stand: those that may begin are released, those that wait for one that did not complete are
 * skipped, and none begins any more once the task is over or its join is decided (rules J1 to J3).
 */
export function standOf({ task, parts }: Pick<TaskAggregate, 'task' | 'parts'>): PartsStand {
  const verdict: Joined = task.join === null ? { kind: 'open' } : joined(task.join, parts);
  return {
    joined: verdict,
    moves: parts.filter(waitsToBegin).flatMap((part) => moveOf(part, parts, whyOver(task.status, verdict))),
    open: parts.filter((part) => !isFinal(part.status)).length,
    released: parts.filter((part) => part.isReleased).length,
  };
}

function whyOver(status: TaskAggregate['task']['status'], verdict: Joined): string | null {
  if (isFinal(status)) return `the task that it is a part of is ${status}`;
  return verdict.kind === 'open' ? null : `no longer needed: ${verdict.reason}`;
}

function moveOf(part: Part, parts: readonly Part[], over: string | null): readonly PartMove[] {
  if (over !== null) return [{ part, to: 'cancelled', reason: over }];
  const before = parts.filter((each) => part.after.includes(each.id));
  const lost = before.find((each) => isFinal(each.status) && each.status !== 'completed');
  if (lost !== undefined) {
    return [{ part, to: 'skipped', reason: `part ${JSON.stringify(lost.key)}, which it waits for, is ${lost.status}` }];
  }
  if (before.length < part.after.length) {
    return [{ part, to: 'skipped', reason: 'a part which it waits for was deleted' }];
  }
  if (before.some((each) => each.status !== 'completed')) return [];
  const keys = before.map((each) => JSON.stringify(each.key)).join(', ');
  return [{ part, to: 'released', reason: `${keys} completed` }];
}

function waitsToBegin({ status, isReleased }: Part): boolean {
  return status === 'waiting' && !isReleased;
}
