import { QueryTypes, type Transaction } from 'sequelize';
import type { Sequelize } from 'sequelize';
import type { Check, Finding } from '../../domain/audit/finding.ts';

type Found = Omit<Finding, 'check'>;

const ENDS = "('task_completed', 'task_failed', 'task_rejected', 'task_cancelled')";

/** Each tells of what must not be; a row is a finding. $1: so many rows at most. */
const STATEMENTS = {
  lost: `
    SELECT e.task_id AS "taskId", NULL AS "instanceId", 'was submitted, and is gone without a record' AS detail
    FROM task_events e WHERE e.type = 'task_submitted' AND NOT EXISTS (SELECT FROM tasks t WHERE t.id = e.task_id)
      AND NOT EXISTS (SELECT FROM task_events d WHERE d.task_id = e.task_id AND d.type = 'deleted')
    UNION ALL
    SELECT t.id, NULL, 'is on record without having been submitted' FROM tasks t
    WHERE NOT EXISTS (SELECT FROM task_events e WHERE e.task_id = t.id AND e.type = 'task_submitted')
    LIMIT $1`,
  ends: `
    SELECT t.id AS "taskId", NULL AS "instanceId",
      format('is %s, and its events end it %s times%s', t.status, e.ends, ' as ' || e.types) AS detail
    FROM tasks t LEFT JOIN (
      SELECT task_id, count(*) AS ends, string_agg(substr(type, 6), ', ') AS types FROM task_events
      WHERE type IN ${ENDS} GROUP BY task_id
    ) e ON e.task_id = t.id
    WHERE coalesce(e.ends, 0) <> (t.finished_at IS NOT NULL)::int
      OR t.finished_at IS NOT NULL AND e.types IS DISTINCT FROM t.status::text
    LIMIT $1`,
  events: `
    SELECT t.id AS "taskId", NULL AS "instanceId",
      format('has %s events up to number %s, and counts %s', e.events, e.last, t.event_seq) AS detail
    FROM tasks t LEFT JOIN (
      SELECT task_id, count(*) AS events, max(seq) AS last FROM task_events GROUP BY task_id
    ) e ON e.task_id = t.id
    WHERE coalesce(e.events, 0) <> t.event_seq OR coalesce(e.last, 0) <> t.event_seq
    LIMIT $1`,
  hops: `
    SELECT t.id AS "taskId", NULL AS "instanceId",
      format('is %s with %s hops up to number %s, %s of them offers that are open', t.status, d.hops, d.last, d.open) AS detail
    FROM tasks t LEFT JOIN (
      SELECT task_id, count(*) AS hops, max(hop) AS last, count(*) FILTER (WHERE status = 'pending') AS open
      FROM task_delegations GROUP BY task_id
    ) d ON d.task_id = t.id
    WHERE coalesce(d.last + 1, 0) <> coalesce(d.hops, 0) OR coalesce(d.open, 0) <> (t.status = 'offered')::int
    LIMIT $1`,
  path: `
    WITH live AS (
      SELECT d.task_id, d.source_instance_id AS source, d.target_instance_id AS target, d.hop,
        lag(d.target_instance_id) OVER way AS before, lead(d.hop) OVER way IS NULL AS is_last
      FROM task_delegations d JOIN tasks t ON t.id = d.task_id
      WHERE d.status::text = CASE t.status WHEN 'completed' THEN 'completed' ELSE 'accepted' END
        AND d.delegation_type <> 'escalate'
      WINDOW way AS (PARTITION BY d.task_id ORDER BY d.hop)
    )
    SELECT t.id AS "taskId", t.instance_id AS "instanceId", found.detail FROM tasks t JOIN LATERAL (
      SELECT format('its path breaks at hop %s', l.hop) AS detail FROM live l
      WHERE l.task_id = t.id AND l.source <> coalesce(l.before, t.entry_instance_id)
      UNION ALL
      SELECT 'its path does not end at its holder' WHERE (t.finished_at IS NULL OR t.status = 'completed') AND t.instance_id <> coalesce(
        (SELECT l.target FROM live l WHERE l.task_id = t.id AND l.is_last), t.entry_instance_id)
      UNION ALL
      SELECT 'its path holds an instance twice' FROM live l WHERE l.task_id = t.id AND l.source <> l.target
      HAVING count(*) <> count(DISTINCT l.target) OR bool_or(l.target = t.entry_instance_id)
      UNION ALL
      SELECT format('is %s, and hop %s is %s', t.status, d.hop, d.status) FROM task_delegations d
      WHERE d.task_id = t.id AND d.delegation_type <> 'escalate' AND (
        t.finished_at IS NOT NULL AND d.status IN ('pending', 'accepted')
        OR t.status <> 'completed' AND d.status = 'completed')
    ) found ON true
    LIMIT $1`,
  refusals: `
    SELECT d.task_id AS "taskId", d.target_instance_id AS "instanceId",
      format('refused at hop %s, and was offered it again at hop %s', d.hop, min(again.hop)) AS detail
    FROM task_delegations d JOIN task_delegations again
      ON again.task_id = d.task_id AND again.target_instance_id = d.target_instance_id AND again.hop > d.hop
    WHERE d.status = 'rejected' AND NOT d.retryable AND again.delegation_type IN ('route', 'reassign')
    GROUP BY d.task_id, d.target_instance_id, d.hop
    LIMIT $1`,
  leases: `
    SELECT t.id AS "taskId", t.instance_id AS "instanceId",
      format('is %s%s, and has %s', t.status, ' (' || t.blocked_on || ')',
        CASE WHEN l.id IS NULL THEN 'no open lease' ELSE format('an open lease of %s', l.worker_id) END) AS detail
    FROM tasks t LEFT JOIN leases l ON l.task_id = t.id AND l.ended_at IS NULL
    WHERE t.status = 'in_progress' AND l.id IS NULL
      OR l.id IS NOT NULL AND t.status <> 'in_progress' AND t.blocked_on IS DISTINCT FROM 'question'
      OR l.id IS NOT NULL AND l.instance_id <> t.instance_id
    LIMIT $1`,
  slots: `
    SELECT NULL AS "taskId", instance_id AS "instanceId", format('slot %s was held twice at %s', slot_no, next) AS detail
    FROM (
      SELECT instance_id, slot_no, coalesce(ended_at, 'infinity') AS until,
        lead(started_at) OVER (PARTITION BY instance_id, slot_no ORDER BY started_at, id) AS next FROM leases
    ) held WHERE next < until
    UNION ALL
    SELECT e.task_id, (e.data ->> 'instance_id')::uuid, format('was given slot %s of %s', e.data ->> 'slot_no', e.data ->> 'limit')
    FROM task_events e WHERE e.type = 'task_claimed' AND (e.data ->> 'slot_no')::int >= (e.data ->> 'limit')::int
    LIMIT $1`,
  loads: `
    SELECT NULL AS "taskId", i.id AS "instanceId",
      format('counts %s busy and %s direct, and has %s and %s', l.busy, l.direct,
        coalesce(t.busy, 0) + coalesce(d.pending, 0), coalesce(t.direct, 0)) AS detail
    FROM hopper_instances i LEFT JOIN instance_loads l ON l.instance_id = i.id LEFT JOIN (
      SELECT instance_id, count(*) AS direct, count(*) FILTER (WHERE status <> 'blocked') AS busy
      FROM tasks WHERE status IN ('queued', 'in_progress', 'blocked') GROUP BY instance_id
    ) t ON t.instance_id = i.id LEFT JOIN (
      SELECT target_instance_id, count(*) AS pending FROM task_delegations WHERE status = 'pending' GROUP BY target_instance_id
    ) d ON d.target_instance_id = i.id
    WHERE l.busy IS DISTINCT FROM coalesce(t.busy, 0) + coalesce(d.pending, 0) OR l.direct IS DISTINCT FROM coalesce(t.direct, 0)
    LIMIT $1`,
  parts: `
    SELECT p.id AS "taskId", p.instance_id AS "instanceId",
      format('is %s, a part of %s, which was %s at %s', p.status, w.id, w.status, w.finished_at) AS detail
    FROM tasks p JOIN tasks w ON w.id = p.parent_task_id
    WHERE coalesce(p.finished_at, now()) > w.finished_at + interval '60 seconds'
    UNION ALL
    SELECT w.id, w.instance_id, 'waits, and none of its parts is open' FROM tasks w
    WHERE w.status = 'waiting' AND w.parts_join IS NOT NULL AND w.updated_at < now() - interval '60 seconds'
      AND NOT EXISTS (SELECT FROM tasks p WHERE p.parent_task_id = w.id
        AND (p.finished_at IS NULL OR p.finished_at > now() - interval '60 seconds'))
    LIMIT $1`,
} as const satisfies Partial<Record<Check, string>>;

/** The checks that the records alone can answer. */
export const RECORD_CHECKS = Object.keys(STATEMENTS) as readonly (keyof typeof STATEMENTS)[];

/** What one check finds in the records, as they stood when the transaction began. */
export async function findingsOf(
  sequelize: Sequelize,
  transaction: Transaction,
  check: keyof typeof STATEMENTS,
  limit: number,
): Promise<readonly Finding[]> {
  const rows = await sequelize.query<Found>(STATEMENTS[check], { bind: [limit], transaction, type: QueryTypes.SELECT });
  return rows.map(({ taskId, instanceId, detail }) => ({ check, taskId, instanceId, detail }));
}
