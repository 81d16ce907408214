import type { Transaction } from 'sequelize';
import { endByParts, movePart } from '../domain/commands/join-parts.ts';
import { collectResults } from '../domain/parts/collect-results.ts';
import { type PartMove, standOf } from '../domain/parts/next-parts.ts';
import type { StepResult } from '../domain/step-result.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import { bubbleOf } from './bubble.ts';
import type { Ports } from './ports.ts';
import { rowId } from './row-id.ts';
import { snapshotOf } from './snapshot.ts';

export type JoinParts = (ask: { readonly taskId: string }) => Promise<StepResult>;

/** So many parts are moved in one transaction; the snapshot says if there are more. */
const MOST_MOVES = 50;

/**
 * Looks at the parts of a task as they stand: those that may begin are released, those that never will are cancelled, and
 * once none is open the task ends by its join. Says no more than the rows do, so it may run at any time and twice.
 */
export function createJoinParts(ports: Ports): JoinParts {
  const { database, repositories } = ports;
  return ({ taskId }) =>
    database.transaction(async (transaction): Promise<StepResult> => {
      const commandId = `join/${taskId}`;
      const locked = await repositories.tasks.lock(transaction, taskId, commandId);
      if (locked === null) return { verdict: 'gone' };
      const moves = standOf(locked).moves.slice(0, MOST_MOVES);
      for (const move of moves) await carryOut(ports, transaction, taskId, move);
      const whole = moves.length === 0 ? locked : await lockedAgain(ports, transaction, taskId, commandId);
      return end(ports, transaction, whole, commandId);
    });
}

/** Parts are locked after the task that they are parts of, and no part locks that task. */
async function carryOut(
  { repositories: { tasks, parts } }: Ports,
  transaction: Transaction,
  wholeId: string,
  move: PartMove,
): Promise<void> {
  const commandId = `${move.to}/${wholeId}`;
  const before = await tasks.lock(transaction, move.part.id, commandId);
  if (before === null || before.isKnownCommand) return;
  const change = movePart(before, move);
  if (change === null) return;
  if (move.to === 'released') await parts.release(transaction, move.part.id, wholeId);
  await tasks.write(transaction, {
    ...{ before, change, commandId },
    delegationId: rowId(move.part.id, commandId, 'delegation'),
  });
}

async function lockedAgain(
  { repositories }: Ports,
  transaction: Transaction,
  taskId: string,
  commandId: string,
): Promise<LockedTask> {
  const locked = await repositories.tasks.lock(transaction, taskId, commandId);
  if (locked === null) throw new TypeError(`task ${taskId} is gone, though it is locked`);
  return locked;
}

async function end(ports: Ports, transaction: Transaction, locked: LockedTask, commandId: string): Promise<StepResult> {
  const { parts, tasks } = ports.repositories;
  if (endByParts(locked, null) === null) return { verdict: 'done', row: snapshotOf(locked, locked) };
  const change = endByParts(locked, collectResults(await parts.ends(transaction, locked.task.id)));
  if (change === null) throw new TypeError('a task ends by its parts whatever they resulted in');
  const bubbled = change.type === 'task_completed' ? await bubbleOf(ports, transaction, locked, change) : change;
  const delegationId = rowId(locked.task.id, commandId, 'delegation');
  const after = await tasks.write(transaction, { before: locked, change: bubbled, commandId, delegationId });
  return { verdict: 'done', row: snapshotOf(locked, after) };
}
