import { columnsOf, fieldsOf } from '../models/columns.ts';
import type { Models } from '../models/models.ts';
import { type Prepared, prepared } from '../prepared.ts';
import { IN_FORCE_HASH } from './policy-statements.ts';

const DELETED = "SELECT FROM task_events WHERE task_id = $1 AND type = 'deleted'";

export const WAS_DELETED = prepared(DELETED);

/** Inserts a task that is absent and was never deleted, with its first event; its row comes back, or none. */
export function insertSql({ Task }: Pick<Models, 'Task'>): Prepared {
  return prepared(`
    WITH inserted AS (
      INSERT INTO tasks AS t (id, title, description, tags, priority, estimated_duration, metadata, requester, external_ref,
        due_at, not_before, entry_instance_id, instance_id, submission_hash, retry_of, event_seq)
      SELECT $1::uuid, $2, $3, $4::text[], $5::taskpriority, $6::integer, $7::jsonb, $8, $9, $10::timestamptz,
        $11::timestamptz, $12::uuid, $12::uuid, $13, $16::uuid, 1
      WHERE NOT EXISTS (${DELETED})
      ON CONFLICT (id) DO NOTHING RETURNING ${columnsOf(Task, 't')}
    ), told AS (
      INSERT INTO task_events (task_id, seq, type, actor, data) SELECT id, 1, 'task_submitted', $14, $15 FROM inserted
    )
    SELECT * FROM inserted`);
}

/** Adds an event without a step. */
export const APPEND_EVENT = prepared(`
  WITH moved AS (UPDATE tasks SET event_seq = event_seq + 1 WHERE id = $1 RETURNING id, event_seq)
  INSERT INTO task_events (task_id, seq, type, at, actor, command_id, data)
  SELECT id, event_seq, $2, $3, $4, $5, $6 FROM moved`);

/**
 * Locks instances, in the order in which they are given, and then a task. A statement of its own: whatever else a
 * statement reads that had to wait for a row is as old as its start. $1 task, $2 instances, $3 whether alone.
 */
export const LOCK_TASK = prepared('SELECT hopper_lock_task($1, $2, $3)');

const NOW = "date_trunc('milliseconds', clock_timestamp())";

export const READ_CLOCK = prepared(`SELECT ${NOW} AS now`);

export function readSql({ Task }: Pick<Models, 'Task'>): Prepared {
  return prepared(`SELECT ${columnsOf(Task, 't')} FROM tasks t WHERE t.id = $1`);
}

/** A task, the instance that holds it and the hash of the policy in force, in one statement. */
export function readWithHolderSql({ Task, Instance }: Pick<Models, 'Task' | 'Instance'>): Prepared {
  return prepared(`
    SELECT ${columnsOf(Task, 't')}, json_build_object(${fieldsOf(Instance, 'i')}) AS holder,
      (${IN_FORCE_HASH}) AS "policyHash"
    FROM tasks t JOIN hopper_instances i ON i.id = t.instance_id WHERE t.id = $1`);
}

const AROUND = `json_build_object('id', i.id, 'name', i.name, 'scope', i.scope, 'status', i.status, 'config', i.config)`;

/** Only of a task that was split. */
const PARTS = `
      CASE WHEN t.parts_join IS NOT NULL THEN (
        SELECT json_agg(json_build_object('id', p.id, 'key', p.part_key, 'no', p.part_no, 'status', p.status,
          'after', p.part_after, 'isReleased', p.part_release IS NOT NULL, 'finishedAt', p.finished_at,
          'isSkipped', coalesce(p.failure ->> 'code' = 'skipped', false)) ORDER BY p.part_no)
        FROM tasks p WHERE p.parent_task_id = t.id) END`;

/** What is read under the row lock, in one statement: the task, and beside it its chain in hop order. */
export function readLockedSql({ Task, Delegation }: Pick<Models, 'Task' | 'Delegation'>): Prepared {
  const refOf = (id: string): string => `
    (SELECT json_build_object('id', i.id, 'name', i.name, 'scope', i.scope, 'executor', i.config -> 'executor')
      FROM hopper_instances i WHERE i.id = ${id})`;
  return prepared(`
    SELECT ${columnsOf(Task, 't')},
      (SELECT json_agg(json_build_object(${fieldsOf(Delegation, 'd')},
          'sourceInstance', ${refOf('d.source_instance_id')}, 'targetInstance', ${refOf('d.target_instance_id')},
          'reason', (SELECT r.reason FROM routing_decisions r WHERE r.delegation_id = d.id)) ORDER BY d.hop)
        FROM task_delegations d WHERE d.task_id = t.id) AS hops,
      (SELECT json_build_object('id', l.id, 'workerId', l.worker_id, 'attempt', l.attempt, 'expiresAt', l.expires_at,
        'timeoutSeconds', l.timeout_seconds) FROM leases l WHERE l.task_id = t.id AND l.ended_at IS NULL) AS lease,
      ${NOW} AS now, ${refOf('t.entry_instance_id')} AS "entryInstance",
      (SELECT r.reason FROM routing_decisions r WHERE r.task_id = t.id ORDER BY r.step DESC LIMIT 1) AS "lastReason",
      EXISTS (SELECT FROM task_events e WHERE e.task_id = t.id AND e.command_id = $2) AS "isKnownCommand",
      (SELECT json_agg(${AROUND}) FROM hopper_instances i WHERE i.id = ANY ($3::uuid[])) AS around,
      (SELECT ${AROUND} FROM hopper_instances i WHERE i.id = t.instance_id) AS "holder",
      (${IN_FORCE_HASH}) AS "policyHash", ${PARTS} AS parts
    FROM tasks t WHERE t.id = $1`);
}
