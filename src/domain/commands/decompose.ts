import type { Actor } from '../actor.ts';
import type { Change } from '../change.ts';
import type { JsonObject } from '../json.ts';
import { type Join, type PartSpec, isDeepest } from '../parts/part.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { TaskCommand } from '../task-command.ts';
import { finishingConflict } from './finish-task.ts';
import { type Verdict, taskConflict } from './verdict.ts';

type Decompose = Extract<TaskCommand, { kind: 'decompose' }>;

/** Who may finish a task may split it instead: it waits for its parts, and its worker is free (rule J1). */
export function decompose(aggregate: TaskAggregate, actor: Actor, command: Decompose): Verdict {
  const { task } = aggregate;
  const conflict = finishingConflict(aggregate, actor, command);
  if (conflict !== null) return conflict;
  if (isDeepest(task)) {
    return taskConflict(task, `: it is a part at depth ${String(task.partDepth)}, and parts are not nested any deeper`);
  }
  const detail: JsonObject = command.force === true ? { forced: true } : {};
  const leaseOutcome = (command.leaseId ?? null) === null ? {} : { leaseOutcome: 'decomposed' as const };
  const change = decomposed(actor, command.parts, command.join, detail);
  return { kind: 'change', change: { ...change, ...leaseOutcome } };
}

/** The change by which a task is split; the parts are put on record with it. */
export function decomposed(actor: Actor, parts: readonly PartSpec[], join: Join, detail: JsonObject): Change {
  const keys = parts.map((part) => part.key);
  return {
    type: 'task_decomposed',
    actor,
    task: { status: 'waiting', join },
    moves: [],
    opened: null,
    parts,
    detail: { join, parts: keys, ...detail },
  };
}
