import { isDeepStrictEqual } from 'node:util';
import { QueryTypes } from 'sequelize';
import type { Real } from './real.ts';
import type { ModelTask, World } from './world.ts';

/** What is compared, in words that are easy to read side by side. */
export interface Look {
  readonly places: Readonly<Record<string, string>>;
  readonly tasks: readonly TaskLook[];
}

interface TaskLook {
  readonly status: string;
  readonly at: string;
  readonly chain: readonly string[];
  readonly excluded: readonly string[];
  readonly attempts: readonly string[];
  readonly counted: string;
  readonly endedBy: string | null;
}

/** How everything has to stand by the model. */
export function expectedLook(world: World): Look {
  const places = Object.fromEntries(Object.entries(world.places).map(([name, { status }]) => [name, status]));
  return { places, tasks: world.tasks.map((task) => expectedTask(world, task)) };
}

function expectedTask(world: World, task: ModelTask): TaskLook {
  const leases = world.leases.filter((lease) => lease.task === task.no);
  const extra = task.blockedOn ?? (task.isPostponed ? 'postponed' : null);
  return {
    status: wordsOf(task.status, extra),
    at: task.at,
    chain: task.chain.map(({ type, from, to, status }) => `${type} ${from} > ${to} ${status}`),
    excluded: task.exclusions.map(({ at, why }) => `${at} ${why}`),
    attempts: leases.map(({ at, worker, outcome }) => `${worker} at ${at} ${outcome ?? 'open'}`),
    counted: `${String(task.hopAttempts)} here, ${String(task.totalAttempts)} in all`,
    endedBy: task.end?.by ?? null,
  };
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly at: string;
  readonly extra: string | null;
  readonly chain: readonly { type: string; from: string; to: string; status: string }[];
  readonly excluded: readonly { instanceId: string; why: string }[];
  readonly attempts: readonly { worker: string; at: string; outcome: string | null }[];
  readonly here: number;
  readonly total: number;
  readonly endedBy: string | null;
}

/** One statement, so that looking again and again costs little, and what is seen together was so together. */
const LOOK = `
  SELECT t.id, t.status, t.instance_id AS at, t.exclusions AS excluded, t.hop_attempts AS here, t.total_attempts AS total,
    t.finished_by AS "endedBy",
    coalesce(t.blocked_on, CASE WHEN t.retry_at IS NOT NULL THEN 'postponed' WHEN t.available_at > now() THEN 'rests' END) AS extra,
    (SELECT coalesce(json_agg(json_build_object('type', d.delegation_type, 'from', d.source_instance_id,
        'to', d.target_instance_id, 'status', d.status) ORDER BY d.hop), '[]')
      FROM task_delegations d WHERE d.task_id = t.id) AS chain,
    (SELECT coalesce(json_agg(json_build_object('worker', l.worker_id, 'at', l.instance_id, 'outcome', l.outcome)
        ORDER BY l.attempt), '[]') FROM leases l WHERE l.task_id = t.id) AS attempts
  FROM tasks t WHERE t.id = ANY ($1::uuid[])`;
const STATUSES = 'SELECT id, status FROM hopper_instances WHERE id = ANY ($1::uuid[])';

/** How everything stands on record. */
export async function realLook({ hopper: { sql }, places, tasks }: Real): Promise<Look> {
  const names = new Map([...places].map(([name, id]) => [id, name]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const read = <Found extends object>(statement: string, ids: readonly string[]): Promise<Found[]> =>
    sql.query<Found>(statement, { bind: [ids], type: QueryTypes.SELECT });
  const rows = await read<Row>(LOOK, tasks);
  const statuses = await read<{ id: string; status: string }>(STATUSES, [...names.keys()]);
  const inOrder = tasks.flatMap((id) => rows.find((row) => row.id === id) ?? []);
  return {
    places: Object.fromEntries(statuses.map(({ id, status }) => [nameOf(id), status])),
    tasks: inOrder.map((row) => realTask(row, nameOf)),
  };
}

function realTask(row: Row, nameOf: (instanceId: string) => string): TaskLook {
  const { status, at, extra, here, total, endedBy } = row;
  return {
    status: wordsOf(status, extra),
    at: nameOf(at),
    chain: row.chain.map((hop) => `${hop.type} ${nameOf(hop.from)} > ${nameOf(hop.to)} ${hop.status}`),
    excluded: row.excluded.map(({ instanceId, why }) => `${nameOf(instanceId)} ${why}`),
    attempts: row.attempts.map((lease) => `${lease.worker} at ${nameOf(lease.at)} ${lease.outcome ?? 'open'}`),
    counted: `${String(here)} here, ${String(total)} in all`,
    endedBy,
  };
}

function wordsOf(status: string, extra: string | null): string {
  return extra === null ? status : `${status} (${extra})`;
}

/** The number of the last event of each task: what changes nothing adds none. */
export async function lastEvents({ hopper, tasks }: Real): Promise<readonly string[]> {
  const statement = 'SELECT id, event_seq FROM tasks WHERE id = ANY ($1::uuid[]) ORDER BY id';
  const rows = await hopper.sql.query<{ id: string; event_seq: number }>(statement, {
    bind: [tasks],
    type: QueryTypes.SELECT,
  });
  return rows.map(({ id, event_seq: seq }) => `${id} ${String(seq)}`);
}

/** What differs, each thing with what the model says and what is on record. */
export function differences(expected: Look, seen: Look): readonly string[] {
  const lines: string[] = [];
  for (const [place, status] of Object.entries(expected.places)) {
    if (seen.places[place] !== status)
      lines.push(`${place}: ${status} by the model, ${String(seen.places[place])} on record`);
  }
  for (const [no, task] of expected.tasks.entries()) {
    const other = seen.tasks[no];
    for (const [key, value] of Object.entries(task)) {
      const found: unknown = other?.[key as keyof TaskLook];
      if (isDeepStrictEqual(value, found)) continue;
      lines.push(
        `task ${String(no)}, ${key}: ${JSON.stringify(value)} by the model, ${JSON.stringify(found)} on record`,
      );
    }
  }
  return lines;
}
