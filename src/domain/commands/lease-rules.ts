import type { Actor } from '../actor.ts';
import type { OpenLease } from '../lease.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import type { Conflict } from './verdict.ts';

/** How a finishing command says by which right it comes. */
interface Finisher {
  readonly leaseId?: string | null;
  readonly force?: boolean;
}

/**
 * While a lease is open only its holder finishes the task, or an operator who forces it; a lease that is not the open
 * one finishes nothing (rule W6). `null`: the lease is no hindrance.
 */
export function leaseConflict({ lease }: TaskAggregate, actor: Actor, command: Finisher): Conflict | null {
  const named = command.leaseId ?? null;
  if (named !== null) return lease?.id === named ? null : ended(lease);
  if (lease === null || (command.force === true && mayForce(actor))) return null;
  const detail = `${lease.workerId} has a lease on it (attempt ${String(lease.attempt)}): `;
  return { kind: 'conflict', code: 'lease_conflict', detail: detail + forceWords(command, actor) };
}

function ended(lease: OpenLease | null): Conflict {
  const now = lease === null ? '' : `: ${lease.workerId} has the task now (attempt ${String(lease.attempt)})`;
  return { kind: 'conflict', code: 'lease_conflict', detail: `this lease has ended${now}` };
}

function mayForce({ role }: Actor): boolean {
  return role !== 'worker';
}

function forceWords({ force }: Finisher, actor: Actor): string {
  return force === true ? `a ${actor.role} cannot force it` : 'let it finish, or force it as an operator';
}
