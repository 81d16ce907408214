import type { Client } from '@temporalio/client';
import type pg from 'pg';
import type { Contender, LifeDone } from './contender.ts';
import type { Hands, Life } from './lives.ts';

/** What one task costs, counted over a few that were done one after the other. */
export interface Sample {
  readonly tasks: number;
  /** Of all its workflows together: a task with parts has one for each. */
  readonly events: number;
  readonly workflowTasks: number;
  /** Transactions that wrote. */
  readonly commits: number;
  /** Of those, the ones that made the hops, for each of the two. */
  readonly hopCommits: number;
  readonly statements: number;
}

export interface SampleNeeds {
  readonly pool: pg.Pool;
  readonly client: Client;
  readonly contender: Contender;
  readonly hands: Hands;
}

const HOPS = 2;
/** The next transaction that writes gets this number. */
const NEXT_TRANSACTION = 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS number';
const STATEMENTS = `SELECT coalesce(sum(calls), 0)::int AS number FROM pg_stat_statements
  WHERE query NOT LIKE '%bench_look%' AND query NOT LIKE '%pg_snapshot_xmax%' AND query NOT LIKE '%pg_stat_statements%'`;

/** Makes a server count its statements, at its next start. */
export const COUNT_STATEMENTS = [
  `ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`,
  'CREATE EXTENSION pg_stat_statements',
];

/** Counts while nothing else is measured: counting costs a little. */
export async function takeSample(tasks: number, life: Life, needs: SampleNeeds): Promise<Sample> {
  const { pool, contender, hands } = needs;
  await life(hands); // plans are made, connections opened
  await pool.query('SELECT pg_stat_statements_reset()');
  await countStatements(pool, 'top');
  const before = await numberOf(pool, NEXT_TRANSACTION);
  const done: LifeDone[] = [];
  for (let at = 0; at < tasks; at += 1) done.push(await life(hands));
  const commits = (await numberOf(pool, NEXT_TRANSACTION)) - before;
  const statements = await numberOf(pool, STATEMENTS);
  await countStatements(pool, 'none');
  const ids = done.map(({ taskId }) => taskId);
  return {
    tasks,
    ...(await historiesOf(done, needs)),
    commits: commits / tasks,
    hopCommits: (await contender.hopCommits(ids)) / tasks / HOPS,
    statements: statements / tasks,
  };
}

async function countStatements(pool: pg.Pool, which: 'top' | 'none'): Promise<void> {
  await pool.query(`ALTER SYSTEM SET pg_stat_statements.track = '${which}'`);
  await pool.query('SELECT pg_reload_conf()');
}

async function numberOf(pool: pg.Pool, sql: string): Promise<number> {
  const { rows } = await pool.query<{ number: string }>(sql);
  return Number(rows[0]?.number);
}

async function historiesOf(
  done: readonly LifeDone[],
  { client, contender }: SampleNeeds,
): Promise<Pick<Sample, 'events' | 'workflowTasks'>> {
  let [events, workflowTasks] = [0, 0];
  for (const each of done) {
    for (const workflowId of contender.workflowsOf(each)) {
      const handle = client.workflow.getHandle(workflowId);
      await handle.result();
      const history = (await handle.fetchHistory()).events ?? [];
      events += history.length;
      workflowTasks += history.filter((event) => Boolean(event.workflowTaskCompletedEventAttributes)).length;
    }
  }
  return { events: events / done.length, workflowTasks: workflowTasks / done.length };
}
