import type { Sequelize } from 'sequelize';

/** The Globals of the benchmark, by how many projects each of them has. */
export type Globals = ReadonlyMap<number, string>;

export interface SeedPlan {
  readonly sizes: readonly number[];
  readonly finishedTasks: number;
}

/** Of so many projects one has a given skill and a given topic; at least five of a Global share each. */
const SHARING = 5;

/** All share the tag `everything` and the word "work"; five each share `skill-N` and `topicN`. */
const PROJECTS = `
  INSERT INTO hopper_instances (id, name, scope, status, parent_id, config, search_labels, search_prose)
  SELECT gen_random_uuid(), name, 'project', 'running', $1::uuid,
    jsonb_build_object('capabilities', labels, 'keywords', jsonb_build_array(topic), 'description', prose),
    concat_ws(' ', name, array_to_string(labels, ' '), topic), prose
  FROM (
    SELECT 'project ' || n AS name, ARRAY['everything', 'skill-' || n % $3::int] AS labels, 'topic' || n % $3::int AS topic,
      'Does the work of department ' || n AS prose
    FROM generate_series(1, $2::int) n
  ) planned`;

/** What all instances that have a parent are found by. */
export const TERMS = `
  INSERT INTO instance_terms (instance_id, kind, term, parent_id, score)
  SELECT id, 'label'::termkind, label, parent_id, 1 FROM hopper_instances, jsonb_array_elements_text(config -> 'capabilities') label
  WHERE parent_id IS NOT NULL
  UNION ALL
  SELECT id, 'word', lexeme, parent_id, round(ts_rank(search, quote_literal(lexeme)::tsquery)::numeric * 1000000)
  FROM hopper_instances, unnest(search) WHERE parent_id IS NOT NULL`;

const TASKS = `
  WITH projects AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM hopper_instances WHERE parent_id = $1)
  INSERT INTO tasks (id, title, tags, status, entry_instance_id, instance_id, step, event_seq, created_at, updated_at, finished_at)
  SELECT gen_random_uuid(), 'finished ' || n, ARRAY['everything'], 'completed', $1, projects.id, 3, 4,
    now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute'
  FROM generate_series(1, $2::int) n JOIN projects ON place = n % $3::int`;

const DELEGATIONS = `
  INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id, status, delegated_at, accepted_at,
    completed_at, decided_by)
  SELECT gen_random_uuid(), id, 0, entry_instance_id, instance_id, 'completed', created_at, created_at, finished_at, 'project'
  FROM tasks WHERE entry_instance_id = $1`;

const DECISIONS = `
  INSERT INTO routing_decisions (id, task_id, step, instance_id, action, target_instance_id, delegation_id, reason, strategy, policy_hash)
  SELECT gen_random_uuid(), task_id, 0, source_instance_id, 'delegate', target_instance_id, id, 'seeded', 'tags', 'seeded'
  FROM task_delegations WHERE source_instance_id = $1`;

const EVENTS = `
  INSERT INTO task_events (task_id, seq, type, actor)
  SELECT id, 1, 'task_submitted', '{"name": "seed", "role": "admin"}' FROM tasks WHERE entry_instance_id = $1`;

const OFFERED = `
  UPDATE instance_loads SET last_offer_at = last
  FROM (SELECT target_instance_id, max(delegated_at) AS last FROM task_delegations GROUP BY 1) d
  WHERE instance_id = target_instance_id`;

/** Fills an empty, migrated database: one Global for each size, and finished tasks spread evenly over their projects. */
export async function seed(database: Sequelize, { sizes, finishedTasks }: SeedPlan): Promise<Globals> {
  const globals = await database.transaction(async (transaction) => {
    const run: Run = (sql, bind) => database.query(sql, { bind, transaction });
    const planted = new Map<number, string>();
    for (const size of sizes) planted.set(size, await plantGlobal(run, size));
    await run(TERMS, []);
    return planted;
  });
  for (const [size, id] of globals) await seedTasks(database, id, size, Math.floor(finishedTasks / sizes.length));
  await database.query(OFFERED);
  return globals;
}

/** A statement, with what is bound to its numbers. */
export type Run = (sql: string, bind: unknown[]) => Promise<unknown>;

/** A Global with so many projects; nothing is found by its terms yet. */
export async function plantGlobal(run: Run, size: number): Promise<string> {
  const id = idOf(size);
  const sql = "INSERT INTO hopper_instances (id, name, scope, status) VALUES ($1, $2, 'global', 'running')";
  await run(sql, [id, `global of ${String(size)}`]);
  await run(PROJECTS, [id, size, groupsOf(size)]);
  return id;
}

/** How many skills, and topics, the projects of a Global have among them. */
export function groupsOf(size: number): number {
  return Math.max(1, Math.floor(size / SHARING));
}

async function seedTasks(database: Sequelize, globalId: string, size: number, tasks: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const run: Run = (sql, bind) => database.query(sql, { bind, transaction });
    await run(TASKS, [globalId, tasks, size]);
    for (const sql of [DELEGATIONS, DECISIONS, EVENTS]) await run(sql, [globalId]);
  });
}

function idOf(size: number): string {
  return `00000000-0000-4000-8000-${String(size).padStart(12, '0')}`;
}
