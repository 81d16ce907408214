import type { Sequelize } from 'sequelize';
import { type Run, TERMS, plantGlobal } from '../routing/seed.ts';

/** A Global with projects, of which five share a skill; each of these has an orchestration. */
export interface Tree {
  readonly globalId: string;
  /** The projects that the tasks of this benchmark fit, by {@link WORK}. */
  readonly orchestrationIds: readonly string[];
}

/** Goes through a project that has the skill to its orchestration, for it takes five hours. */
export const WORK = { title: 'Some piece of it', tags: ['skill-1'], estimatedDuration: 300 } as const;

const ORCHESTRATIONS = `
  INSERT INTO hopper_instances (id, name, scope, status, parent_id)
  SELECT gen_random_uuid(), 'work of ' || name, 'orchestration', 'running', id FROM hopper_instances
  WHERE scope = 'project' AND config -> 'capabilities' ? 'skill-1'`;

const BY_HAND = `
  UPDATE hopper_instances SET config = config || '{"acceptance": "manual", "acceptance_timeout_seconds": 1000000}'
  WHERE scope = 'project'`;

/** Fills an empty, migrated database with instances alone; `acceptance` is that of the projects. */
export async function plantTree(database: Sequelize, projects: number, acceptance: 'auto' | 'manual'): Promise<Tree> {
  const globalId = await database.transaction(async (transaction) => {
    const run: Run = (sql, bind) => database.query(sql, { bind, transaction });
    const id = await plantGlobal(run, projects);
    await run(ORCHESTRATIONS, []);
    if (acceptance === 'manual') await run(BY_HAND, []);
    await run(TERMS, []);
    return id;
  });
  const [rows] = await database.query("SELECT id FROM hopper_instances WHERE scope = 'orchestration' ORDER BY id");
  return { globalId, orchestrationIds: (rows as { id: string }[]).map((row) => row.id) };
}
