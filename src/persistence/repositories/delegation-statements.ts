import type { DelegationMove } from '../../domain/change.ts';
import { delegationSources } from '../../domain/delegation.ts';
import { columnsOf } from '../models/columns.ts';
import type { Models } from '../models/models.ts';
import { type Prepared, prepared } from '../prepared.ts';

export function readDelegationSql({ Delegation }: Pick<Models, 'Delegation'>): Prepared {
  return prepared(`SELECT ${columnsOf(Delegation, 'd')} FROM task_delegations d WHERE d.id = $1`);
}

export function readDelegationsOfTaskSql({ Delegation }: Pick<Models, 'Delegation'>): Prepared {
  return prepared(`SELECT ${columnsOf(Delegation, 'd')} FROM task_delegations d WHERE d.task_id = $1 ORDER BY d.hop`);
}

/**
 * Moves delegations, each only from one of the statuses that lead to where it goes (rule D1); the ids of those that moved.
 * `moves` and `now` are the parameters with `movesValue` and the time.
 */
export const movingSql = (moves: string, now: string): string => `
    UPDATE task_delegations d SET status = m.to::delegationstatus, updated_at = ${now}::timestamptz,
      accepted_at = CASE WHEN m.to = 'accepted' THEN ${now}::timestamptz ELSE d.accepted_at END,
      completed_at = CASE WHEN m.to = 'completed' THEN ${now}::timestamptz ELSE d.completed_at END,
      decided_by = coalesce(m.decided_by, d.decided_by), notes = coalesce(m.notes, d.notes),
      rejection_code = coalesce(m.rejection_code, d.rejection_code), retryable = coalesce(m.retryable, d.retryable),
      result = coalesce(m.result, d.result)
    FROM jsonb_to_recordset(${moves}::jsonb) AS m (id uuid, "to" text, "from" text[], decided_by text, notes text,
      rejection_code text, retryable boolean, result jsonb)
    WHERE d.id = m.id AND d.status::text = ANY (m.from) RETURNING d.id`;

export const MOVE_DELEGATIONS = prepared(movingSql('$1', '$2'));

/** The moves as one parameter. */
export function movesValue(moves: readonly DelegationMove[]): string {
  return JSON.stringify(
    moves.map((move) => ({
      id: move.id,
      to: move.to,
      from: delegationSources(move.to),
      decided_by: move.decidedBy,
      notes: move.notes,
      rejection_code: move.rejectionCode,
      retryable: move.retryable,
      result: move.result,
    })),
  );
}
