import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFloor, floorIdOf } from '../floor/floor.ts';
import { FloorStore } from '../floor/store.ts';
import type { Contender } from './contender.ts';
import { floorDoor, floorHttpDoor } from './floor-doors.ts';
import { PARTS } from './lives.ts';
import { type Running, startProgram } from './processes.ts';
import type { Servers } from './servers.ts';

const LOADER = fileURLToPath(new URL('../../scripts/typescript-loader.mjs', import.meta.url));
const CONNECTIONS = 10;
const COMMITS_OF_HOPS = `SELECT count(*)::int AS commits FROM floor_steps
  WHERE task_id = ANY($1) AND (kind LIKE 'hop %' OR kind LIKE 'offer %' OR kind LIKE 'accepted %')`;
const LOOK = `SELECT w.id, w.id AS bench_look FROM unnest($1::uuid[], $2::text[]) AS w (id, awaited)
  JOIN floor_steps s ON s.task_id = w.id AND s.kind = w.awaited
  UNION ALL SELECT w.id, w.id FROM unnest($1::uuid[], $2::text[]) AS w (id, awaited)
  JOIN floor_queue q ON q.task_id = w.id AND w.awaited = 'queued'`;

/** The floor and the bare floor: one worker and one API carry both. */
export async function startFloors(
  servers: Servers,
  undo: (step: () => Promise<unknown>) => void,
): Promise<readonly Contender[]> {
  const { databaseUrl, temporalAddress, folder, client } = servers;
  const program = async (name: string): Promise<Running> => {
    const entry = fileURLToPath(new URL(`../floor/${name}-process.ts`, import.meta.url));
    const how = { entry, args: [databaseUrl, temporalAddress], execArgv: ['--import', LOADER] };
    const running = await startProgram({ ...how, logFile: join(folder, `floor-${name}.log`) });
    undo(() => running.stop());
    return running;
  };
  const worker = await program('worker');
  const api = await program('api');
  const store = new FloorStore(databaseUrl, CONNECTIONS);
  undo(() => store.close());
  const floor = createFloor(store, client);
  return [false, true].map((isBare): Contender => {
    const inProcess = floorDoor(floor, isBare);
    return {
      name: isBare ? 'bareFloor' : 'floor',
      inProcess,
      http: floorHttpDoor(api.url, inProcess, isBare),
      pids: { worker: worker.pid, api: api.pid },
      lookSql: LOOK,
      workflowsOf: ({ taskId, isSplit }) => [floorIdOf(taskId), ...(isSplit ? partWorkflowsOf(taskId) : [])],
      hopCommits: async (taskIds) => {
        const { rows } = await servers.pool.query<{ commits: number }>(COMMITS_OF_HOPS, [taskIds]);
        return rows[0]?.commits ?? Number.NaN;
      },
    };
  });
}

function partWorkflowsOf(taskId: string): string[] {
  return Array.from({ length: PARTS }, (_, at) => `${floorIdOf(taskId)}/part/${String(at + 1)}`);
}
