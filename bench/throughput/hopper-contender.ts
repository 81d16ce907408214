import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeApi, migrateDatabase } from '../../src/composition.ts';
import { readSettings } from '../../src/config/settings.ts';
import { workflowIdOf } from '../../src/domain/task.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { plant } from '../drain/fleet.ts';
import type { Contender } from './contender.ts';
import { httpDoor, serviceDoor } from './hopper-doors.ts';
import { type Running, startProgram } from './processes.ts';
import type { Servers } from './servers.ts';

const HOPPER = fileURLToPath(new URL('../../bin/hopper.js', import.meta.url));
const SLOTS = 10_000;
const COMMITS_OF_HOPS = `SELECT count(DISTINCT xmin::text)::int AS commits FROM task_events
  WHERE task_id = ANY($1) AND type IN ('task_delegated', 'delegation_accepted')`;
const LOOK = `SELECT w.id, coalesce(d.id, w.id) AS bench_look
  FROM unnest($1::uuid[], $2::text[]) AS w (id, awaited)
  JOIN tasks t ON t.id = w.id
  LEFT JOIN task_delegations d ON d.task_id = w.id AND d.status = 'pending'
  WHERE CASE w.awaited WHEN 'queued' THEN t.status = 'queued' WHEN 'ended' THEN t.finished_at IS NOT NULL
    ELSE w.awaited = 'offer ' || d.hop END`;

/** Hopper as it ships: `hopper worker` and `hopper serve`, with a tree of two projects and an orchestration below each. */
export async function startHopper(servers: Servers, undo: (step: () => Promise<unknown>) => void): Promise<Contender> {
  const { databaseUrl, temporalAddress, folder, pool } = servers;
  const env = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress, HOPPER_HIERARCHY: '/dev/null' };
  const settings = readSettings(env);
  await migrateDatabase(settings);
  const program = async (command: string): Promise<Running> => {
    const wish = { entry: HOPPER, args: [command], env: { ...env, HOPPER_HTTP_PORT: '0' } };
    const running = await startProgram({ ...wish, logFile: join(folder, `hopper-${command}.log`) });
    undo(() => running.stop());
    return running;
  };
  const worker = await program('worker');
  const serve = await program('serve');
  const api = await composeApi(settings);
  undo(() => api.close());
  const builds = await plantTree(api.service);
  const inProcess = serviceDoor(api.service);
  return {
    name: 'hopper',
    inProcess,
    http: httpDoor(serve.url, builds, inProcess),
    pids: { worker: worker.pid, api: serve.pid },
    lookSql: LOOK,
    workflowsOf: ({ taskId, parts }) => [taskId, ...parts].map(workflowIdOf),
    hopCommits: async (taskIds) => {
      const { rows } = await pool.query<{ commits: number }>(COMMITS_OF_HOPS, [taskIds]);
      return rows[0]?.commits ?? Number.NaN;
    },
  };
}

/** Answers the orchestration that workers claim from. */
async function plantTree(service: HopperService): Promise<string> {
  const globalId = await plant(service, 'global', 'global', null);
  const auto = await plant(service, 'auto', 'project', globalId, { capabilities: ['auto'] });
  const byHand = { acceptance: 'manual' } as const;
  const manual = await plant(service, 'manual', 'project', globalId, { capabilities: ['manual'], ...byHand });
  await plant(service, 'manual-builds', 'orchestration', manual, byHand);
  return plant(service, 'auto-builds', 'orchestration', auto, { max_concurrent_tasks: SLOTS });
}
