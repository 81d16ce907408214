import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { QueueOrder } from '../../domain/scopes/queue-order.ts';
import type { DecisionWithHop, ExplainFacts, Move, PartOf, WorkNow } from '../../domain/explain/facts.ts';
import { COUNTED_AHEAD } from '../../domain/explain/facts.ts';
import { queueKeys } from '../queue-keys.ts';

const LONGEST_WAY = 50;
const LONGEST_MOVES = 200;

const DECISIONS = `
  SELECT r.id, r.task_id AS "taskId", r.step, r.instance_id AS "instanceId", r.action,
    r.target_instance_id AS "targetInstanceId", r.reason, r.strategy, r.policy_hash AS "policyHash", r.candidates,
    r.candidates_left_out AS "candidatesLeftOut", r.decided_at AS "decidedAt", d.hop
  FROM (SELECT * FROM routing_decisions WHERE task_id = $1 ORDER BY step DESC LIMIT $2) r
  LEFT JOIN task_delegations d ON d.id = r.delegation_id ORDER BY r.step`;

/** Only what a move leaves behind of itself: a completion's event has the whole result. */
const MOVES = `
  SELECT at, actor ->> 'name' AS by, data ->> 'instance_id' AS "instanceId", data ->> 'reason' AS reason
  FROM (SELECT * FROM task_events WHERE task_id = $1 AND data ? 'instance_id' AND type <> 'due_missed' ORDER BY seq DESC LIMIT $2) last
  ORDER BY seq`;

const countsSql = (order: QueueOrder): string => `
  SELECT
    (SELECT count(*)::int FROM routing_decisions WHERE task_id = $1) AS decisions,
    (SELECT count(*)::int FROM tasks WHERE parent_task_id = $1) AS parts,
    (SELECT count(*)::int FROM tasks WHERE parent_task_id = $1 AND finished_at IS NOT NULL) AS "finishedParts",
    (SELECT coalesce(json_agg(part_key), '[]') FROM (
      SELECT part_key FROM tasks WHERE parent_task_id = $1 AND finished_at IS NOT NULL AND status <> 'completed'
        AND failure ->> 'code' IS DISTINCT FROM 'skipped' ORDER BY finished_at, part_no LIMIT 3) lost) AS "lostParts",
    (SELECT json_build_object('id', w.id, 'title', w.title, 'before', (SELECT coalesce(json_agg(part_key), '[]') FROM (
        SELECT part_key FROM tasks WHERE id = ANY (p.part_after) AND finished_at IS NULL ORDER BY part_no LIMIT 3) b))
      FROM tasks p JOIN tasks w ON w.id = p.parent_task_id WHERE p.id = $1) AS "partOf",
    (SELECT count(*)::int FROM (
      SELECT FROM tasks t JOIN tasks mine ON mine.id = $1 AND mine.status = 'queued'
      WHERE t.instance_id = mine.instance_id AND t.status = 'queued'
        AND (${queueKeys(order, 't')}) < (${queueKeys(order, 'mine')})
      LIMIT $2) before) AS ahead,
    (SELECT json_build_object('workerId', worker_id, 'attempt', attempt, 'note', progress_note, 'percent', progress_percent,
      'heartbeatAt', heartbeat_at) FROM leases WHERE task_id = $1 AND ended_at IS NULL) AS work`;

interface Counts {
  readonly decisions: number;
  readonly parts: number;
  readonly finishedParts: number;
  readonly lostParts: readonly string[];
  readonly partOf: PartOf | null;
  readonly ahead: number;
  readonly work: (Omit<WorkNow, 'heartbeatAt'> & { readonly heartbeatAt: string }) | null;
}

type Recorded = 'decisions' | 'decisionsLeftOut' | 'moves' | 'ahead' | 'parts' | 'partOf' | 'work';

/** The part of the facts that is read here. */
export type RecordedFacts = Pick<ExplainFacts, Recorded>;

/** What is on record about the way of a task, bounded, in three statements. */
export async function recordedFacts(
  sequelize: Sequelize,
  transaction: Transaction,
  taskId: string,
  order: QueueOrder,
): Promise<RecordedFacts> {
  const read = <Row extends object>(sql: string, limit: number): Promise<Row[]> =>
    sequelize.query<Row>(sql, { bind: [taskId, limit], transaction, type: QueryTypes.SELECT });
  const decisions = await read<DecisionWithHop>(DECISIONS, LONGEST_WAY);
  const moves = await read<Move>(MOVES, LONGEST_MOVES);
  const [counts] = await read<Counts>(countsSql(order), COUNTED_AHEAD);
  if (counts === undefined) throw new TypeError('an aggregate without a row');
  return {
    decisions,
    moves,
    decisionsLeftOut: counts.decisions - decisions.length,
    ahead: counts.ahead,
    work: counts.work === null ? null : { ...counts.work, heartbeatAt: new Date(counts.work.heartbeatAt) },
    parts: { total: counts.parts, finished: counts.finishedParts, lost: counts.lostParts },
    partOf: counts.partOf,
  };
}
