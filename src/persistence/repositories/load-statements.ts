import { prepared } from '../prepared.ts';

/**
 * The rows are locked in id order, and last of all rows: who writes several loads never waits in a circle (lock order).
 * A load that somebody's hand has made too small stays at 0: a count may be wrong, a task is never stopped by it.
 */
const ADDED = `
  changed AS (
    SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::timestamptz[]) AS c (id, busy, direct, offered_at)
  ), locked AS MATERIALIZED (
    SELECT instance_id FROM instance_loads WHERE instance_id = ANY ($1::uuid[]) ORDER BY instance_id FOR NO KEY UPDATE
  )
  UPDATE instance_loads l SET busy = greatest(0, l.busy + changed.busy), direct = greatest(0, l.direct + changed.direct),
    last_offer_at = greatest(l.last_offer_at, changed.offered_at)
  FROM locked JOIN changed ON changed.id = locked.instance_id WHERE l.instance_id = locked.instance_id`;

const OPENED = inserting(
  'task_delegations',
  `id, task_id, hop, source_instance_id, target_instance_id, delegation_type, status, delegated_at, accepted_at,
    completed_at, expires_at, decided_by, notes, created_at, updated_at`,
);

const DECIDED = inserting(
  'routing_decisions',
  `id, task_id, step, instance_id, action, target_instance_id, delegation_id, reason, strategy, policy_hash, candidates,
    candidates_left_out, decided_at`,
);

/** Adds what a change of a task makes of loads; the same together with the delegation that it opens, and its decision. */
export const ADD_TO_LOADS = prepared(`WITH ${ADDED}`);
export const OPEN_AND_ADD_TO_LOADS = prepared(`WITH opened AS (${OPENED(opened(5))}), ${ADDED}`);
export const DECIDE_AND_ADD_TO_LOADS = prepared(`WITH decided AS (${DECIDED(decided(5))}), ${ADDED}`);
export const OPEN_DECIDE_AND_ADD_TO_LOADS = prepared(
  `WITH opened AS (${OPENED(opened(5))}), decided AS (${DECIDED(decided(18))}), ${ADDED}`,
);

function inserting(table: string, columns: string): (values: string) => string {
  return (values) => `INSERT INTO ${table} (${columns}) VALUES (${values})`;
}

function opened(first: number): string {
  const at = numbered(first, 13);
  at[5] = `${at[5] ?? ''}::delegationtype`;
  at[6] = `${at[6] ?? ''}::delegationstatus`;
  return [...at, at[7], at[7]].join(', ');
}

function decided(first: number): string {
  const at = numbered(first, 13);
  at[4] = `${at[4] ?? ''}::routingaction`;
  return at.join(', ');
}

function numbered(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `$${String(first + index)}`);
}
