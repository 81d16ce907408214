import { QueryTypes, type Sequelize } from 'sequelize';
import type { InstanceStats } from '../../domain/instance-stats.ts';

const STATS = `
  SELECT $1::uuid AS "instanceId",
    count(*) FILTER (WHERE status = 'routing')::int AS routing, count(*) FILTER (WHERE status = 'offered')::int AS offered,
    count(*) FILTER (WHERE status = 'queued')::int AS queued, count(*) FILTER (WHERE status = 'in_progress')::int AS "inProgress",
    count(*) FILTER (WHERE status = 'waiting')::int AS waiting, count(*) FILTER (WHERE status = 'blocked')::int AS blocked,
    min(queued_at) FILTER (WHERE status = 'queued') AS "oldestQueuedAt",
    (SELECT count(*)::int FROM task_delegations d WHERE d.target_instance_id = $1 AND d.status = 'pending') AS "pendingOffers",
    (SELECT count(*)::int FROM leases l WHERE l.instance_id = $1 AND l.ended_at IS NULL) AS "slotsUsed"
  FROM tasks
  WHERE instance_id = $1 AND status IN ('routing', 'offered', 'queued', 'in_progress', 'waiting', 'blocked')`;

/** Counts what is open at an instance, in one statement. */
export async function statsOf(sequelize: Sequelize, instanceId: string): Promise<Omit<InstanceStats, 'slotLimit'>> {
  const bind = [instanceId];
  const [row] = await sequelize.query<Omit<InstanceStats, 'slotLimit'>>(STATS, { bind, type: QueryTypes.SELECT });
  if (row === undefined) throw new TypeError('counts without a row');
  return row;
}
