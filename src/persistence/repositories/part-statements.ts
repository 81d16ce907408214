/**
 * Puts the parts of a task on record in one statement: each with its first hop, by which its parent's holder has it, and
 * its first event (rule J1).
 */
export const INSERT_PARTS = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS g (id uuid, title text, description text, tags jsonb, priority text,
      estimated_duration integer, metadata jsonb, requester text, status text, key text, no integer, after jsonb,
      release integer, delegation_id uuid, event jsonb)
  ), parts AS (
    INSERT INTO tasks (id, title, description, tags, priority, estimated_duration, metadata, requester, status,
      entry_instance_id, instance_id, parent_task_id, part_key, part_no, part_after, part_release, part_depth, event_seq,
      created_at, updated_at)
    SELECT id, title, description, ARRAY(SELECT jsonb_array_elements_text(tags)), priority::taskpriority,
      estimated_duration, metadata, requester, status::taskstatus, $3::uuid, $3::uuid, $2::uuid, key, no,
      ARRAY(SELECT jsonb_array_elements_text(after)::uuid), release, $4, 1, $5::timestamptz, $5::timestamptz
    FROM given
  ), hops AS (
    INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id, delegation_type, status,
      delegated_at, accepted_at, decided_by, created_at, updated_at)
    SELECT delegation_id, id, 0, $3::uuid, $3::uuid, 'decompose', 'accepted', $5::timestamptz, $5::timestamptz, $6,
      $5::timestamptz, $5::timestamptz
    FROM given
  )
  INSERT INTO task_events (task_id, seq, type, at, actor, data)
  SELECT id, 1, 'task_submitted', $5::timestamptz, $7::jsonb, event FROM given`;

/** Gives a part that may begin its place behind those that began before; under its parent's row lock. */
export const RELEASE_PART = `
  UPDATE tasks SET part_release = (SELECT coalesce(max(p.part_release) + 1, 0) FROM tasks p WHERE p.parent_task_id = $2)
  WHERE id = $1 AND part_release IS NULL`;

/** The parts that may begin, from a place on; those that are over already are passed by. */
export const PARTS_TO_START = `
  SELECT id, title, part_release AS "release", finished_at IS NULL AS "isOpen" FROM tasks
  WHERE parent_task_id = $1 AND part_release >= $2 ORDER BY part_release LIMIT $3`;

/** How each part of a task ended, in their order. */
export const PART_ENDS = `
  SELECT id AS "taskId", part_key AS key, status, result, failure ->> 'reason' AS reason FROM tasks
  WHERE parent_task_id = $1 ORDER BY part_no`;
