import type { Sequelize } from 'sequelize';

export interface SeedPlan {
  /** How many tasks are queued at each of the instances that stand alone. */
  readonly queues: readonly number[];
  /** The tree whose tasks are spread over many instances. */
  readonly spread: { readonly instances: number; readonly tasks: number };
  /** Tasks for those who claim at once, at one instance more. */
  readonly forMany: number;
}

/** Where tasks wait. */
export interface Places {
  /** Ids of instances by how many tasks are queued there. */
  readonly alone: ReadonlyMap<number, string>;
  /** The project above the many instances. */
  readonly treeRoot: string;
  /** The instance with the tasks for those who claim at once. */
  readonly shared: string;
}

const INSTANCE = `
  INSERT INTO hopper_instances (id, name, scope, status, parent_id, config)
  VALUES ($1, $2, $3::hopperscope, 'running', $4, jsonb_build_object('max_concurrent_tasks', 1000000))`;

const BRANCHES = `
  INSERT INTO hopper_instances (id, name, scope, status, parent_id, config)
  SELECT gen_random_uuid(), 'branch ' || n, 'orchestration', 'running', $1, '{"max_concurrent_tasks": 100}'
  FROM generate_series(1, $2::int) n`;

/** Submitted over the last two days, of every priority, some before their time, some for workers with a skill. */
const TASKS = `
  WITH places AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS places
    FROM hopper_instances WHERE id = $1 OR ($3 AND parent_id = $1))
  INSERT INTO tasks (id, title, tags, priority, metadata, status, entry_instance_id, instance_id, step, event_seq,
    created_at, updated_at, queued_at, not_before)
  SELECT gen_random_uuid(), 'queued ' || n, ARRAY['work'], (ARRAY['urgent', 'high', 'medium', 'low'])[1 + n % 4]::taskpriority,
    CASE n % 10 WHEN 0 THEN jsonb_build_object('skills', ARRAY['skill-' || n % 7]) ELSE '{}' END,
    'queued', places.id, places.id, 1, 2, at, at, at, CASE n % 50 WHEN 0 THEN now() + interval '1 day' END
  FROM generate_series(1, $2::int) n JOIN places ON place = n % places
  CROSS JOIN LATERAL (SELECT date_trunc('milliseconds', now() - random() * interval '48 hours' + 0 * n * interval '1 s') AS at) t`;

const EVENTS = `
  INSERT INTO task_events (task_id, seq, type, actor)
  SELECT id, seq, type, '{"name": "seed", "role": "admin"}' FROM tasks,
    (VALUES (1, 'task_submitted'), (2, 'task_queued')) e (seq, type)`;

/** Fills an empty, migrated database with instances and queued tasks. */
export async function seed(database: Sequelize, { queues, spread, forMany }: SeedPlan): Promise<Places> {
  let count = 0;
  const run = (sql: string, bind: unknown[]): Promise<unknown> => database.query(sql, { bind });
  const instance = async (name: string, scope: string, parentId: string | null): Promise<string> => {
    const id = `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
    await run(INSTANCE, [id, name, scope, parentId]);
    return id;
  };
  const globalId = await instance('everything', 'global', null);
  const alone = new Map<number, string>();
  for (const tasks of queues) {
    const id = await instance(`queue of ${String(tasks)}`, 'project', globalId);
    await run(TASKS, [id, tasks, false]);
    alone.set(tasks, id);
  }
  const treeRoot = await instance('tree', 'project', globalId);
  await run(BRANCHES, [treeRoot, spread.instances - 1]);
  await run(TASKS, [treeRoot, spread.tasks, true]);
  const shared = await instance('shared', 'project', globalId);
  await run(TASKS, [shared, forMany, false]);
  await run(EVENTS, []);
  await database.query('VACUUM ANALYZE');
  return { alone, treeRoot, shared };
}
