/** The rows are locked in id order, and last of all rows: who writes several loads never waits in a circle (lock order). */
const ADDED = `
  changed AS (
    SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::timestamptz[]) AS c (id, busy, direct, offered_at)
  ), locked AS MATERIALIZED (
    SELECT instance_id FROM instance_loads WHERE instance_id = ANY ($1::uuid[]) ORDER BY instance_id FOR NO KEY UPDATE
  )
  UPDATE instance_loads l SET busy = l.busy + changed.busy, direct = l.direct + changed.direct,
    last_offer_at = greatest(l.last_offer_at, changed.offered_at)
  FROM locked JOIN changed ON changed.id = locked.instance_id WHERE l.instance_id = locked.instance_id`;

/** Adds what a change of a task makes of loads. */
export const ADD_TO_LOADS = `WITH ${ADDED}`;

/** The same, together with the delegation that the change opens. */
export const OPEN_AND_ADD_TO_LOADS = `
  WITH opened AS (
    INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id, delegation_type, status,
      delegated_at, accepted_at, completed_at, expires_at, decided_by, notes, created_at, updated_at)
    VALUES ($5, $6, $7, $8, $9, $10::delegationtype, $11::delegationstatus, $12, $13, $14, $15, $16, $17, $12, $12)
  ), ${ADDED}`;
