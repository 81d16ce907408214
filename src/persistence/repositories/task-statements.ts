import { columnsOf } from '../models/columns.ts';
import type { Models } from '../models/models.ts';
import { prepared } from '../prepared.ts';

/** Before the names of the task's columns, and of a hop's. */
export const TASK_PREFIX = 'task.';
export const HOP_PREFIX = 'hop.';
export const HOLDER_PREFIX = 'holder.';

/** Inserts a task that is absent, with its first event; no row comes back if it was there. */
export const INSERT_TASK_WITH_EVENT = `
  WITH inserted AS (
    INSERT INTO tasks (id, title, description, tags, priority, estimated_duration, metadata, requester, external_ref,
      due_at, not_before, entry_instance_id, instance_id, submission_hash, retry_of, event_seq)
    VALUES ($1, $2, $3, $4, $5::taskpriority, $6, $7, $8, $9, $10, $11, $12, $12, $13, $16, 1)
    ON CONFLICT (id) DO NOTHING RETURNING id
  )
  INSERT INTO task_events (task_id, seq, type, actor, data) SELECT id, 1, 'task_submitted', $14, $15 FROM inserted
  RETURNING task_id`;

/** Moves a task by one step, if it stands at the expected step and in a status that allows it, with its event. */
export const UPDATE_TASK_WITH_EVENT = prepared(`
  WITH moved AS (
    UPDATE tasks SET status = $3::taskstatus, instance_id = $4, blocked_on = $5, exclusions = $6, result = $7,
      failure = $8, finished_by = $9, finished_at = $10, updated_at = $11, retry_at = $17, step = $18, queued_at = $19, available_at = $20,
      hop_attempts = $21, total_attempts = $22, questions = $23, parts_join = $24, missed_due_at = $25, event_seq = event_seq + 1
    WHERE id = $1 AND step = $2 AND status::text = ANY ($12::text[]) RETURNING id, event_seq
  )
  INSERT INTO task_events (task_id, seq, type, at, actor, command_id, data)
  SELECT id, event_seq, $13, $11, $14, $15, $16 FROM moved RETURNING seq`);

/** Ends an open lease; whoever comes later finds it ended. */
export const END_LEASE = `
  UPDATE leases SET ended_at = $2, outcome = $3, reason = $4 WHERE id = $1 AND ended_at IS NULL`;

/** Adds an event without a step. */
export const APPEND_EVENT = `
  WITH moved AS (UPDATE tasks SET event_seq = event_seq + 1 WHERE id = $1 RETURNING id, event_seq)
  INSERT INTO task_events (task_id, seq, type, at, actor, command_id, data)
  SELECT id, event_seq, $2, $3, $4, $5, $6 FROM moved`;

export const WAS_DELETED = "SELECT FROM task_events WHERE task_id = $1 AND type = 'deleted'";

/** A statement of its own: whatever else a statement reads that had to wait for a row is as old as its start. */
export const LOCK_TASK = prepared('SELECT FROM tasks WHERE id = $1 FOR UPDATE');

const NOW = "date_trunc('milliseconds', clock_timestamp())";

export const READ_CLOCK = `SELECT ${NOW} AS now`;

/** A task and the instance that holds it, in one statement. */
export function readWithHolderSql({ Task, Instance }: Pick<Models, 'Task' | 'Instance'>): string {
  return prepared(`
    SELECT ${columnsOf(Task, 't', TASK_PREFIX)}, ${columnsOf(Instance, 'i', HOLDER_PREFIX)}
    FROM tasks t JOIN hopper_instances i ON i.id = t.instance_id WHERE t.id = $1`);
}

/** Only of a task that was split. */
const PARTS = `
      CASE WHEN t.parts_join IS NOT NULL THEN (
        SELECT json_agg(json_build_object('id', p.id, 'key', p.part_key, 'no', p.part_no, 'status', p.status,
          'after', p.part_after, 'isReleased', p.part_release IS NOT NULL, 'finishedAt', p.finished_at,
          'isSkipped', coalesce(p.failure ->> 'code' = 'skipped', false)) ORDER BY p.part_no)
        FROM tasks p WHERE p.parent_task_id = t.id) END`;

/** What is read under the row lock, in one statement: a row for each hop of the chain, or a single one for none. */
export function readLockedSql({ Task, Delegation }: Pick<Models, 'Task' | 'Delegation'>): string {
  const refOf = (id: string): string => `
    (SELECT json_build_object('id', i.id, 'name', i.name, 'scope', i.scope, 'executor', i.config -> 'executor')
      FROM hopper_instances i WHERE i.id = ${id})`;
  return prepared(`
    SELECT ${columnsOf(Task, 't', TASK_PREFIX)}, ${columnsOf(Delegation, 'd', HOP_PREFIX)},
      ${refOf('d.source_instance_id')} AS "${HOP_PREFIX}sourceInstance",
      ${refOf('d.target_instance_id')} AS "${HOP_PREFIX}targetInstance",
      (SELECT r.reason FROM routing_decisions r WHERE r.delegation_id = d.id) AS reason,
      (SELECT json_build_object('id', l.id, 'workerId', l.worker_id, 'attempt', l.attempt, 'expiresAt', l.expires_at,
        'timeoutSeconds', l.timeout_seconds) FROM leases l WHERE l.task_id = t.id AND l.ended_at IS NULL) AS lease,
      ${NOW} AS now, ${refOf('t.entry_instance_id')} AS "entryInstance",
      (SELECT r.reason FROM routing_decisions r WHERE r.task_id = t.id ORDER BY r.step DESC LIMIT 1) AS "lastReason",
      EXISTS (SELECT FROM task_events e WHERE e.task_id = t.id AND e.command_id = $2) AS "isKnownCommand",
      (SELECT json_agg(json_build_object('id', i.id, 'name', i.name, 'scope', i.scope, 'status', i.status, 'config', i.config))
        FROM hopper_instances i WHERE i.id = ANY ($3::uuid[])) AS around, ${PARTS} AS parts
    FROM tasks t LEFT JOIN task_delegations d ON d.task_id = t.id WHERE t.id = $1 ORDER BY d.hop`);
}
