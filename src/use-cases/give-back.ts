import type { Transaction } from 'sequelize';
import type { Actor } from '../domain/actor.ts';
import { type GivenBack, expireLease, failAttempt, release } from '../domain/commands/give-back.ts';
import { DomainError } from '../domain/errors.ts';
import type { Lease } from '../domain/lease.ts';
import type { WorkPolicy } from '../domain/work-policy.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import type { Ports } from './ports.ts';
import { workAtHolder } from './work-at.ts';

/** `exhausted`: nothing was written, because what becomes of the task is its workflow's to say. */
export type GiveBackAnswer = 'done' | 'exhausted';

/** How a lease ends without ending its task: each one transaction, none of them a step of the workflow (rule W7). */
export interface GiveBack {
  release(lease: Lease, actor: Actor, reason: string | null): Promise<GiveBackAnswer>;
  fail(lease: Lease, actor: Actor, reason: string): Promise<GiveBackAnswer>;
  /** Of a lease that is past its time; any other is left alone. */
  expire(lease: { readonly id: string; readonly taskId: string }): Promise<GiveBackAnswer>;
}

export function createGiveBack(ports: Ports): GiveBack {
  return {
    release: (lease, actor, reason) =>
      giveBack(ports, lease, `release/${lease.id}`, (locked) => release(locked, actor, lease.id, reason)),
    fail: (lease, actor, reason) =>
      giveBack(ports, lease, `fail/${lease.id}`, (locked, work) => failAttempt(locked, actor, lease.id, reason, work)),
    expire: (lease) =>
      giveBack(ports, lease, `expire/${lease.id}`, (locked, work) => expireLease(locked, lease.id, work)),
  };
}

function giveBack(
  ports: Ports,
  { taskId }: { readonly taskId: string },
  commandId: string,
  judge: (locked: LockedTask, work: WorkPolicy) => GivenBack,
): Promise<GiveBackAnswer> {
  return ports.database.transaction(async (transaction: Transaction) => {
    const locked = await ports.repositories.tasks.lock(transaction, taskId, commandId);
    if (locked === null) throw new DomainError('task_not_found', `no task ${taskId}`);
    if (locked.isKnownCommand) return 'done';
    const given = judge(locked, await workAtHolder(ports, transaction, locked));
    if (given.kind === 'conflict') throw new DomainError(given.code, given.detail);
    if (given.kind !== 'change') return given.kind;
    await ports.repositories.tasks.write(transaction, {
      before: locked,
      change: given.change,
      commandId,
      delegationId: '',
    });
    return 'done';
  });
}
