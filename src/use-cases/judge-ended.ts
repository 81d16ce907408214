import type { Actor } from '../domain/actor.ts';
import { judge } from '../domain/commands/judge.ts';
import type { Conflict } from '../domain/commands/verdict.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import type { Ports } from './ports.ts';

export interface EndedVerdict {
  readonly verdict: 'done' | 'conflict' | 'gone';
  readonly code?: Conflict['code'];
  readonly detail?: string;
}

export type JudgeEnded = (taskId: string, actor: Actor, command: TaskCommand) => Promise<EndedVerdict>;

/** Judges a command to a task whose workflow has ended: a repeat gets its answer, all else a conflict; nothing is written. */
export function createJudgeEnded({ database, repositories }: Ports): JudgeEnded {
  return (taskId, actor, command) =>
    database.transaction(async (transaction): Promise<EndedVerdict> => {
      const locked = await repositories.tasks.lock(transaction, taskId, '');
      if (locked === null) return { verdict: 'gone' };
      const verdict = judge(locked, actor, command, null);
      if (verdict.kind === 'done') return { verdict: 'done' };
      if (verdict.kind === 'conflict') return { verdict: 'conflict', code: verdict.code, detail: verdict.detail };
      const detail = `task is ${locked.task.status}, but its workflow has ended: an operator has to look at it`;
      return { verdict: 'conflict', code: 'task_conflict', detail };
    });
}
