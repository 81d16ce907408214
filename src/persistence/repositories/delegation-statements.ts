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
    UPDATE task_delegations d SET status = (m.move ->> 'to')::delegationstatus, updated_at = ${now}::timestamptz,
      accepted_at = CASE WHEN m.move ->> 'to' = 'accepted' THEN ${now}::timestamptz ELSE d.accepted_at END,
      completed_at = CASE WHEN m.move ->> 'to' = 'completed' THEN ${now}::timestamptz ELSE d.completed_at END,
      decided_by = CASE WHEN m.move ? 'decided_by' THEN m.move ->> 'decided_by' ELSE d.decided_by END,
      notes = CASE WHEN m.move ? 'notes' THEN m.move ->> 'notes' ELSE d.notes END,
      rejection_code = CASE WHEN m.move ? 'rejection_code' THEN m.move ->> 'rejection_code' ELSE d.rejection_code END,
      retryable = coalesce((m.move ->> 'retryable')::boolean, d.retryable),
      result = CASE WHEN m.move ? 'result' THEN nullif(m.move -> 'result', 'null') ELSE d.result END
    FROM jsonb_array_elements(${moves}::jsonb) AS m (move)
    WHERE d.id = (m.move ->> 'id')::uuid AND m.move -> 'from' ? d.status::text RETURNING d.id`;

export const MOVE_DELEGATIONS = prepared(movingSql('$1', '$2'));

/** The moves as one parameter; what a move leaves out stays as it is, null is written. */
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
