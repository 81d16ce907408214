import type { QueueOrder } from '../../domain/scopes/queue-order.ts';
import { type Prepared, prepared } from '../prepared.ts';
import { queueKeys } from '../queue-keys.ts';
import { endingSql } from './write-statement.ts';

/** A lease as the domain sees it: columns of `leases l`. */
const LEASE = `l.id, l.task_id AS "taskId", l.instance_id AS "instanceId", l.slot_no AS "slotNo", l.worker_id AS "workerId",
  l.attempt, l.timeout_seconds AS "timeoutSeconds", l.started_at AS "startedAt", l.heartbeat_at AS "heartbeatAt",
  l.expires_at AS "expiresAt", l.progress_note AS "progressNote", l.progress_percent AS "progressPercent",
  l.ended_at AS "endedAt", l.outcome, l.reason, l.output`;

/** Which tasks a worker with skills gets: those that need none, or only skills that it has ($3; null: whatever comes). */
const FITS = `($3::text[] IS NULL
  OR CASE WHEN jsonb_typeof(t.metadata -> 'skills') = 'array'
    THEN (SELECT coalesce(bool_and(lower(btrim(need)) = ANY ($3::text[])), true)
      FROM jsonb_array_elements_text(t.metadata -> 'skills') need)
    ELSE cardinality(t.tags) = 0 OR EXISTS (SELECT FROM unnest(t.tags) tag WHERE lower(btrim(tag)) = ANY ($3::text[])) END)`;

const DUE = `t.status = 'queued' AND coalesce(t.available_at, '-infinity') <= now()
  AND coalesce(t.not_before, '-infinity') <= now()`;
const READY = `${DUE} AND ${FITS}`;

/** The best task that is free, locked. $1 instance, $3 skills. */
const pickSql = (order: QueueOrder, among = READY): string => `
    SELECT t.id, t.metadata FROM tasks t WHERE t.instance_id = $1 AND ${among}
    ORDER BY ${queueKeys(order, 't')} LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** The pick alone, for measurements. $1 instance, $2 skills. */
export const PICK_ALONE = prepared(pickSql('aging').replaceAll('$3', '$2'));

/**
 * The whole of a claim (rules W1 to W3): the best task that is free, the first free slot from a start of this claim's own,
 * the lease, the task's move and its event. Slots are looked at one by one, so that a high limit costs nothing. A lease
 * is inserted only if task and slot are still free; else the caller asks again. $1 instance, $2 limit, $3 skills, $4 lease id, $5 worker, $6 request, $7 timeout by policy, $8 actor,
 * $9 why the order is not the behaviour's.
 */
/** In which order, among which tasks, and until when. */
interface ClaimShape {
  readonly order: QueueOrder;
  readonly among: string;
  readonly expires: string;
}

const claimSql = ({ order, among, expires }: ClaimShape): string => `
  WITH picked AS (
    SELECT best.id, CASE WHEN jsonb_typeof(best.metadata -> 'worker_timeout_seconds') = 'number'
        AND (best.metadata ->> 'worker_timeout_seconds') ~ '^[1-9][0-9]{0,7}$'
      THEN (best.metadata ->> 'worker_timeout_seconds')::int ELSE $7::int END AS timeout
    FROM (${pickSql(order, among)}) best
  ), slot AS (
    SELECT no FROM (
      SELECT (start + generate_series(0, $2::int - 1)) % $2::int AS no
      FROM (SELECT ((hashtext($4::text)::bigint + 2147483648) % greatest($2::int, 1))::int AS start) random OFFSET 0
    ) numbers
    WHERE (SELECT count(*) FROM leases o WHERE o.instance_id = $1 AND o.slot_no = no AND o.ended_at IS NULL) = 0 LIMIT 1
  ), leased AS (
    INSERT INTO leases AS l (id, task_id, instance_id, slot_no, worker_id, request_id, attempt, timeout_seconds, started_at,
      heartbeat_at, expires_at)
    SELECT $4::uuid, picked.id, $1, slot.no, $5, $6,
      (SELECT coalesce(max(o.attempt), 0) + 1 FROM leases o WHERE o.task_id = picked.id), picked.timeout, stamp, stamp,
      ${expires}
    FROM picked, slot, date_trunc('milliseconds', clock_timestamp()) stamp
    ON CONFLICT DO NOTHING RETURNING ${LEASE}
  ), moved AS (
    UPDATE tasks t SET status = 'in_progress', updated_at = leased."startedAt", event_seq = event_seq + 1, available_at = NULL
    FROM leased WHERE t.id = leased."taskId" RETURNING t.id, t.event_seq, t.step, t.queued_at, t.hop_attempts, t.total_attempts
  ), told AS (
    INSERT INTO task_events (task_id, seq, type, at, actor, command_id, data)
    SELECT moved.id, moved.event_seq, 'task_claimed', leased."startedAt", $8, 'claim/' || leased.id,
      jsonb_strip_nulls(jsonb_build_object('step', moved.step, 'status', 'in_progress', 'instance_id', $1::uuid,
        'queued_at', to_char(moved.queued_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'hop_attempts', nullif(moved.hop_attempts, 0), 'total_attempts', nullif(moved.total_attempts, 0),
        'lease_id', leased.id, 'worker_id', leased."workerId", 'attempt', leased.attempt, 'slot_no', leased."slotNo", 'limit', $2::int,
        'order_problem', $9::text))
    FROM moved, leased
  )
  SELECT (SELECT count(*)::int FROM picked) AS picked, (SELECT count(*)::int FROM slot) AS free,
    (SELECT to_json(leased) FROM leased) AS lease`;

const PULLED = { among: READY, expires: "stamp + picked.timeout * interval '1 second'" } as const;

/** A claim by the order in which tasks wait at the instance (rule O3). */
export const CLAIM: Readonly<Record<QueueOrder, Prepared>> = {
  aging: prepared(claimSql({ order: 'aging', ...PULLED })),
  age: prepared(claimSql({ order: 'age', ...PULLED })),
  priority: prepared(claimSql({ order: 'priority', ...PULLED })),
};

/** The same for one task ($10) and a worker that Temporal watches: its lease never lapses by itself (rule U2). */
export const CLAIM_ONE = prepared(
  claimSql({ order: 'aging', among: `${READY} AND t.id = $10::uuid`, expires: 'NULL::timestamptz' }),
);

/** Instances of the list ($1) that have a task for such a worker, by the standard order of their most pressing task. */
export const MOST_PRESSING = `
  SELECT i.id FROM unnest($1::uuid[]) i (id), LATERAL (
    SELECT t.queue_key, t.id AS task_id FROM tasks t WHERE t.instance_id = i.id AND ${READY.replaceAll('$3', '$2')}
    ORDER BY t.queue_key, t.id LIMIT 1
  ) best ORDER BY best.queue_key, best.task_id`;

export const BY_REQUEST = prepared(`
  SELECT ${LEASE} FROM leases l WHERE l.worker_id = $1 AND l.request_id = $2`);
export const BY_ID = prepared(`SELECT ${LEASE} FROM leases l WHERE l.id = $1`);
export const OF_TASK = `SELECT ${LEASE} FROM leases l WHERE l.task_id = $1 ORDER BY l.attempt`;

/** Fenced by the attempt, and by the lease being open: nobody who has lost a task keeps it (rule W6). */
export const EXTEND = prepared(`
  UPDATE leases l SET heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + l.timeout_seconds * interval '1 second',
    progress_note = coalesce($3::text, l.progress_note), progress_percent = coalesce($4::integer, l.progress_percent)
  WHERE l.id = $1 AND l.attempt = $2 AND l.ended_at IS NULL RETURNING ${LEASE}`);

/** Ends an open lease; whoever comes later finds it ended. */
export const END_LEASE = prepared(endingSql(['$1', '$2', '$3', '$4']));

export const KEEP_OUTPUT = 'UPDATE leases SET output = $2 WHERE id = $1 AND ended_at IS NULL';

/**
 * Of each running push instance as many queued tasks as it has free slots, the most pressing first (rule U2).
 * $1 and $2 are the slots of a project and of an orchestration that say nothing else themselves.
 */
export const PUSHABLE = `
  SELECT next.id FROM hopper_instances i CROSS JOIN LATERAL (
    SELECT t.id, t.queue_key FROM tasks t WHERE t.instance_id = i.id AND ${DUE} ORDER BY t.queue_key, t.id
    LIMIT greatest(0, coalesce((i.config ->> 'max_concurrent_tasks')::int, CASE i.scope WHEN 'project' THEN $1::int ELSE $2::int END)
      - (SELECT count(*) FROM leases l WHERE l.instance_id = i.id AND l.ended_at IS NULL))
  ) next WHERE i.status = 'running' AND i.config ? 'executor' ORDER BY next.queue_key, next.id LIMIT $3`;

/** Leases that are past their time and their grace, by the database's clock. */
export const LAPSED = `
  SELECT l.id, l.task_id AS "taskId" FROM leases l
  WHERE l.ended_at IS NULL AND l.expires_at + greatest(1, l.timeout_seconds / 3) * interval '1 second' <= now()
  ORDER BY l.expires_at LIMIT $1`;

/** Remembers this sweep; a row comes back with how long ago the last one was. */
export const SWEEP = `
  WITH before AS (SELECT swept_at FROM sweeps FOR UPDATE)
  UPDATE sweeps SET swept_at = clock_timestamp() FROM before
  RETURNING extract(epoch FROM clock_timestamp() - before.swept_at)::float8 AS gap`;

export const EXTEND_ALL = `
  UPDATE leases SET expires_at = clock_timestamp() + timeout_seconds * interval '1 second'
  WHERE ended_at IS NULL AND expires_at IS NOT NULL`;

export const SERVER_KEY = 'SELECT key FROM server_keys';
export const KEEP_SERVER_KEY = 'INSERT INTO server_keys (key) VALUES ($1) ON CONFLICT DO NOTHING';
