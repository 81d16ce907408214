import type { Join } from '../../src/domain/parts/part.ts';
import { type Answer, DONE, type Person, refused } from './command.ts';
import { decide } from './routing.ts';
import { finishingConflict } from './task-rules.ts';
import { type ModelTask, type World, addTask, become, end, isOver, partsOf } from './world.ts';

const DEEPEST = 5;

/** Each part enters where its task is, and nobody is above it there (rule J1). */
export function decompose(
  world: World,
  task: ModelTask,
  { parts, join }: { readonly parts: number; readonly join: Join; readonly by: Person },
): Answer {
  const conflict = finishingConflict(world, task, false);
  if (conflict !== null) return conflict;
  if (task.depth >= DEEPEST) return refused('task_conflict', task.status);
  const { at, no, depth, priority } = task;
  become(world, task, 'waiting');
  task.join = join;
  for (let made = 0; made < parts; made += 1) {
    const part = addTask(world, { want: null, isComplex: false, priority, entry: at, parent: no, depth: depth + 1 });
    part.chain.push({ from: at, to: at, type: 'decompose', status: 'accepted', said: null });
    decide(world, part);
  }
  return DONE;
}

/** No part outlives its task, and the join ends a task once none of its parts is open (rules J2 and J3). */
export function join(world: World): void {
  for (const task of world.tasks.toReversed()) {
    const parts = partsOf(world, task);
    if (parts.length === 0) continue;
    const verdict = verdictOf(task, parts);
    if (!isOver(task) && verdict === null) continue;
    for (const part of parts) if (!isOver(part)) stop(world, part);
    if (isOver(task) || verdict === null) continue;
    end(world, task, verdict, { by: 'hopper', how: 'by its parts' });
  }
}

/** By way of Temporal: the workflow of the whole cancels those of its parts. */
function stop(world: World, part: ModelTask): void {
  end(world, part, 'cancelled', { by: 'temporal', how: 'not needed' });
  for (const below of partsOf(world, part)) if (!isOver(below)) stop(world, below);
}

function verdictOf({ join: how }: ModelTask, parts: readonly ModelTask[]): 'completed' | 'failed' | null {
  const completed = parts.filter((part) => part.status === 'completed').length;
  const isEveryOver = parts.every(isOver);
  if (how === 'any') {
    if (completed > 0) return 'completed';
    return isEveryOver ? 'failed' : null;
  }
  if (parts.some((part) => isOver(part) && part.status !== 'completed')) return 'failed';
  return isEveryOver ? 'completed' : null;
}
