import type { Actor } from '../domain/actor.ts';
import { judge } from '../domain/commands/judge.ts';
import type { Conflict } from '../domain/commands/verdict.ts';
import type { Delegation } from '../domain/delegation.ts';
import { holderDelegation } from '../domain/path.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import { namedTarget, targetOf } from './named-target.ts';
import type { Ports } from './ports.ts';
import { workAtHolder } from './work-at.ts';

/** What a command would come to by the row as it stands; `possible` comes with the command as it would be given. */
export type PresentVerdict =
  | { readonly verdict: 'possible'; readonly command: TaskCommand }
  | { readonly verdict: 'done' }
  | { readonly verdict: 'gone' }
  | { readonly verdict: 'conflict'; readonly code: Conflict['code']; readonly detail: string };

export type JudgeNow = (taskId: string, actor: Actor, command: TaskCommand) => Promise<PresentVerdict>;

/** Judges a command by the row and writes nothing: for a task whose workflow has ended, or a "no" that may be an old one. */
export function createJudgeNow(ports: Ports): JudgeNow {
  const { database, repositories } = ports;
  return async (taskId, actor, given) => {
    const instanceIds = await targetOf(ports, given);
    return database.transaction(async (transaction): Promise<PresentVerdict> => {
      const locked = await repositories.tasks.lock(transaction, taskId, '', { instanceIds });
      if (locked === null) return { verdict: 'gone' };
      const command = forHolder(given, locked.delegations);
      const target = await namedTarget(ports, transaction, locked, command);
      const work = await workAtHolder(ports, transaction, locked);
      const verdict = judge(locked, actor, command, target, work);
      if (verdict.kind === 'change') return { verdict: 'possible', command };
      if (verdict.kind === 'done') return { verdict: 'done' };
      return { verdict: 'conflict', code: verdict.code, detail: verdict.detail };
    });
  };
}

type Finishing = Extract<TaskCommand, { kind: 'complete' | 'fail' | 'decompose' }>;

/** True for a completion, a failure or a split that leaves it open which delegation it is about. */
export function isForHolder(command: TaskCommand): command is Finishing {
  const isFinishing = command.kind === 'complete' || command.kind === 'fail' || command.kind === 'decompose';
  return isFinishing && (command.delegationId ?? null) === null;
}

/** Whoever completes, fails or splits a task without naming a delegation acts for the one that holds it now. */
export function forHolder(command: TaskCommand, delegations: readonly Delegation[]): TaskCommand {
  if (!isForHolder(command)) return command;
  const holder = holderDelegation(delegations);
  return holder === undefined ? command : { ...command, delegationId: holder.id };
}
