import { v7 } from 'uuid';
import type { Actor } from '../domain/actor.ts';
import { answer, ask } from '../domain/commands/question.ts';
import type { Verdict } from '../domain/commands/verdict.ts';
import { DomainError } from '../domain/errors.ts';
import type { Lease } from '../domain/lease.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import type { Ports } from './ports.ts';

/** Questions of workers and answers of persons: each one transaction, none a step of the workflow (rule W8). */
export interface Questions {
  ask(lease: Lease, actor: Actor, text: string): Promise<void>;
  answer(taskId: string, actor: Actor, text: string, commandId: string): Promise<void>;
}

export function createQuestions(ports: Ports): Questions {
  return {
    ask: (lease, actor, text) => {
      return write(ports, lease.taskId, null, (locked) => ask(locked, actor, lease.id, text));
    },
    answer: (taskId, actor, text, commandId) =>
      write(ports, taskId, commandId, (locked) => answer(locked, actor, text)),
  };
}

function write(
  { database, repositories }: Ports,
  taskId: string,
  commandId: string | null,
  judge: (locked: LockedTask) => Verdict,
): Promise<void> {
  return database.transaction(async (transaction) => {
    const locked = await repositories.tasks.lock(transaction, taskId, commandId ?? '');
    if (locked === null) throw new DomainError('task_not_found', `no task ${taskId}`);
    if (locked.isKnownCommand) return;
    const verdict = judge(locked);
    if (verdict.kind === 'conflict') throw new DomainError(verdict.code, verdict.detail);
    if (verdict.kind === 'done') return;
    const { change } = verdict;
    await repositories.tasks.write(transaction, {
      before: locked,
      change,
      commandId: commandId ?? v7(),
      delegationId: '',
    });
  });
}
