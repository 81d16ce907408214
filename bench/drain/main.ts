// `npm run bench:drain`: how long the stop of an instance takes that has very many tasks, on servers of its own.
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { QueryTypes, type Sequelize } from 'sequelize';
import { composeApi, composeWorker, migrateDatabase } from '../../src/composition.ts';
import type { Settings } from '../../src/config/settings.ts';
import { drainIdOf } from '../../src/domain/drain.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { connectClient } from '../../src/temporal/connect.ts';
import { by, claimMany, plant, submitMany, until } from './fleet.ts';
import { onOwnServers } from './servers.ts';

const HELP = `Usage: npm run bench:drain -- [options]

Starts PostgreSQL and Temporal in a temporary folder, and API and worker in this process. Queues tasks at one project, each
with its workflow, has workers take some of them, stops the project, then once more by force, and prints how long the tasks
took to move to its sibling.

  --tasks N     tasks that are queued (5000)
  --claimed N   of which workers have taken so many (20)
  --help        this text
`;
const DIRECT = { orchestration_threshold: 1_000_000 };
const MB = 1_048_576;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = { tasks: { type: 'string', default: '5000' }, claimed: { type: 'string', default: '20' } } as const;
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  const stopping = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => {
      stopping.abort(new Error('stopped'));
      reject(new Error('stopped'));
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  });
  const progress = (message: string): void => void process.stderr.write(`${message}\n`);
  const figures = await onOwnServers(progress, stopping.signal, (settings) =>
    Promise.race([measure(settings, Number(values.tasks), Number(values.claimed), progress), stopped]),
  ).catch((error: unknown) => {
    progress(`bench:drain: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1); // a worker that is cut off would not let the process end
  });
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

async function measure(settings: Settings, tasks: number, claimed: number, progress: (message: string) => void) {
  await migrateDatabase(settings);
  const api = await composeApi(settings);
  const worker = await composeWorker(settings);
  const running = worker.run();
  const database = openDatabase(settings.databaseUrl?.reveal() ?? '', { maxConnections: 1 });
  try {
    return await drainOne({ settings, service: api.service, database, tasks, claimed, progress });
  } finally {
    worker.shutdown();
    await running;
    await Promise.all([worker.close(), api.close(), database.close()]);
  }
}

interface Bench {
  readonly settings: Settings;
  readonly service: HopperService;
  readonly database: Sequelize;
  readonly tasks: number;
  readonly claimed: number;
  readonly progress: (message: string) => void;
}

async function drainOne({ settings, service, database, tasks, claimed, progress }: Bench) {
  const globalId = await plant(service, 'global', 'global', null);
  const leaving = await plant(service, 'leaving', 'project', globalId, { ...DIRECT, max_concurrent_tasks: claimed });
  const at = (instanceId: string, status: string) => countAt(database, instanceId, status);
  progress(`submitting ${String(tasks)} tasks`);
  const submitted = clock();
  await submitMany(service, tasks);
  await until(async () => (await at(leaving, 'queued')) === tasks);
  const submitSeconds = submitted();
  await claimMany(service, leaving, claimed);
  const staying = await plant(service, 'staying', 'project', globalId, DIRECT);
  progress('stopping');
  const memory = peakMemory();
  const stopped = clock();
  await service.instances.move(leaving, 'stop', by());
  await until(async () => (await at(staying, 'queued')) === tasks - claimed);
  const moveSeconds = stopped();
  const inProgressAfterStop = await at(leaving, 'in_progress');
  const forced = clock();
  await service.instances.move(leaving, 'stop', by(), { force: true });
  await until(async () => (await service.instances.get(leaving)).status === 'stopped');
  return {
    tasks,
    claimed,
    submitSeconds,
    moveSeconds,
    movesPerSecond: Math.round(((tasks - claimed) / moveSeconds) * 10) / 10,
    inProgressAfterStop,
    forceSeconds: forced(),
    queuedAtSibling: await at(staying, 'queued'),
    peakMemoryMb: memory.end(),
    drainHistory: await historyOf(settings, leaving),
  };
}

async function countAt(database: Sequelize, instanceId: string, status: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS count FROM tasks WHERE instance_id = $1 AND status = $2::taskstatus';
  const [row] = await database.query<{ count: number }>(sql, { bind: [instanceId, status], type: QueryTypes.SELECT });
  return row?.count ?? 0;
}

/** Events of the drain's last run, and whether that was its first. */
async function historyOf({ temporalAddress, temporalNamespace }: Settings, instanceId: string) {
  const { client, close } = connectClient({ address: temporalAddress ?? '', namespace: temporalNamespace });
  try {
    const handle = client.workflow.getHandle(drainIdOf(instanceId));
    const described = await handle.describe();
    const { passes } = await handle.query<{ passes: number }>('drainState');
    return { events: described.historyLength, passesOfLastRun: passes };
  } finally {
    await close();
  }
}

function clock(): () => number {
  const begun = performance.now();
  return () => Math.round((performance.now() - begun) / 100) / 10;
}

function peakMemory(): { end: () => number } {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 200);
  return {
    end: () => {
      clearInterval(timer);
      return Math.round(peak / MB);
    },
  };
}
