import { type Prepared, prepared } from '../prepared.ts';
import { movingSql } from './delegation-statements.ts';

/** What a change writes besides the row of its task and its event. */
export interface WriteShape {
  readonly endsLease: boolean;
  readonly moves: boolean;
  readonly opens: boolean;
  readonly decides: boolean;
  readonly addsToLoads: boolean;
}

/** A row of a write: how many events came of it, 0 if the task stood elsewhere, and which delegations moved. */
export interface Written {
  readonly told: number;
  readonly moved: readonly string[];
}

type Name = (count: number) => string[];

const TASK_COUNT = 25;
const NOW = '$11';

/** Moves a task by one step, if it stands at the expected step and in a status that allows it, with its event. */
const TASK = `
  changed_task AS (
    UPDATE tasks SET status = $3::taskstatus, instance_id = $4, blocked_on = $5, exclusions = $6, result = $7,
      failure = $8, finished_by = $9, finished_at = $10, updated_at = $11, retry_at = $17, step = $18, queued_at = $19, available_at = $20,
      hop_attempts = $21, total_attempts = $22, questions = $23, parts_join = $24, missed_due_at = $25, event_seq = event_seq + 1
    WHERE id = $1 AND step = $2 AND status::text = ANY ($12::text[]) RETURNING id, event_seq
  ), told AS (
    INSERT INTO task_events (task_id, seq, type, at, actor, command_id, data)
    SELECT id, event_seq, $13, $11, $14, $15, $16 FROM changed_task RETURNING seq
  )`;

/** Ends an open lease; whoever comes later finds it ended. */
export const endingSql = ([id, now, outcome, reason]: readonly (string | undefined)[]): string => `
    UPDATE leases SET ended_at = ${String(now)}, outcome = ${String(outcome)}, reason = ${String(reason)}
    WHERE id = ${String(id)} AND ended_at IS NULL`;

const ended = (name: Name): string => {
  const [id, outcome, reason] = name(3);
  return `, ended AS (${endingSql([id, NOW, outcome, reason])})`;
};

const moved = (name: Name): string => `, moved AS (${movingSql(name(1).join(''), NOW)})`;

const opened = (name: Name): string => {
  const at = name(13);
  at[5] = `${String(at[5])}::delegationtype`;
  at[6] = `${String(at[6])}::delegationstatus`;
  return `, opened AS (
    INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id, delegation_type, status,
      delegated_at, accepted_at, completed_at, expires_at, decided_by, notes, created_at, updated_at)
    VALUES (${[...at, at[7], at[7]].join(', ')})
  )`;
};

const decided = (name: Name): string => {
  const at = name(13);
  at[4] = `${String(at[4])}::routingaction`;
  return `, decided AS (
    INSERT INTO routing_decisions (id, task_id, step, instance_id, action, target_instance_id, delegation_id, reason,
      strategy, policy_hash, candidates, candidates_left_out, decided_at)
    VALUES (${at.join(', ')})
  )`;
};

/**
 * The rows are locked in id order: who writes several loads never waits in a circle, because all else that a write
 * touches belongs to its task, whose row it has locked (lock order). A load that somebody's hand has made too small stays
 * at 0: a count may be wrong, a task is never stopped by it.
 */
const added = (name: Name): string => {
  const [ids, busy, direct, offeredAt] = name(4).map(String);
  return `, change AS (
    SELECT * FROM unnest(${String(ids)}::uuid[], ${String(busy)}::integer[], ${String(direct)}::integer[],
      ${String(offeredAt)}::timestamptz[]) AS c (id, busy, direct, offered_at)
  ), locked AS MATERIALIZED (
    SELECT instance_id FROM instance_loads WHERE instance_id = ANY (${String(ids)}::uuid[])
    ORDER BY instance_id FOR NO KEY UPDATE
  ), loaded AS (
    UPDATE instance_loads l SET busy = greatest(0, l.busy + change.busy), direct = greatest(0, l.direct + change.direct),
      last_offer_at = greatest(l.last_offer_at, change.offered_at)
    FROM locked JOIN change ON change.id = locked.instance_id
    WHERE l.instance_id = locked.instance_id AND l.instance_id = ANY (${String(ids)}::uuid[])
  )`;
};

const statements = new Map<string, Prepared>();

/** All that a change writes, as one statement; its values are those of the parts that it has, in the order of `WriteShape`. */
export function writeStatement(shape: WriteShape): Prepared {
  const key = JSON.stringify(shape);
  const known = statements.get(key);
  if (known !== undefined) return known;
  const made = prepared(writeSql(shape));
  statements.set(key, made);
  return made;
}

function writeSql({ endsLease, moves, opens, decides, addsToLoads }: WriteShape): string {
  let last = TASK_COUNT;
  const name: Name = (count) => Array.from({ length: count }, () => `$${String((last += 1))}`);
  const parts = [
    ...(endsLease ? [ended(name)] : []),
    ...(moves ? [moved(name)] : []),
    ...(opens ? [opened(name)] : []),
    ...(decides ? [decided(name)] : []),
    ...(addsToLoads ? [added(name)] : []),
  ];
  const ids = moves ? 'ARRAY(SELECT id FROM moved)' : `'{}'::uuid[]`;
  return `WITH ${TASK}${parts.join('')}
  SELECT (SELECT count(*)::int FROM told) AS told, ${ids} AS moved`;
}
