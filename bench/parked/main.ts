// `npm run bench:parked`: what tasks that wait cost a worker's memory, on servers of its own.
import { join } from 'node:path';
import { composeApi, migrateDatabase } from '../../src/composition.ts';
import { readSettings } from '../../src/config/settings.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { startTemporal } from '../../src/stack/embedded-temporal.ts';
import { CACHED_WORKFLOWS } from '../../src/temporal/worker.ts';
import { runBenchmark } from '../command-line.ts';
import { type Machine, loadNow, machineLines, machineOf } from '../figures.ts';
import { type OwnPlace, onOwnDatabase } from '../own-database.ts';
import { park, plantProject } from './park.ts';
import { startWorker } from './worker-process.ts';

const HELP = `Usage: npm run bench:parked -- [options]

Starts PostgreSQL, Temporal and a worker in a temporary folder, lets tasks wait, and prints how much memory the worker has
while they are in its cache of workflows, when that is full, and when most of them are out of it. About two minutes.
Garbage that has not been collected yet counts: the more tasks, the less it does.

  --tasks N     so many tasks in the end (2000)
  --json FILE   write the figures to FILE too
  --help        this text
`;

interface Report extends Machine {
  readonly cached: number;
  readonly steps: readonly { readonly tasks: number; readonly megabytes: number }[];
  /** Of each task between the first look after tasks had left the cache and the last; null where none had. */
  readonly kilobytesPerTaskOutOfCache: number | null;
}

const FEW = 50;
/** Where the memory is looked at once the cache is full, as shares of what is to come. */
const PARTS = [0.25, 0.5, 0.75, 1];

process.exitCode = await runBenchmark({
  name: 'bench:parked',
  help: HELP,
  options: { tasks: { type: 'string', default: '2000' } },
  measure: ({ tasks }) => onOwnDatabase((place) => withTemporal(place, countOf(tasks))),
  tableOf,
});

function countOf(tasks: unknown): number {
  const count = Number(tasks);
  if (Number.isInteger(count) && count >= FEW && count <= 20_000) return count;
  throw Object.assign(new TypeError(`--tasks is a number from ${String(FEW)} to 20000`), { code: 'wrong' });
}

async function withTemporal(place: OwnPlace, tasks: number): Promise<Report> {
  const { progress, stopping: signal } = place;
  const temporal = await startTemporal({ folder: join(place.folder, 'temporal'), hasUi: false, progress, signal });
  try {
    return await measure(place, temporal.address, tasks);
  } finally {
    await temporal.close();
  }
}

async function measure(place: OwnPlace, temporalAddress: string, tasks: number): Promise<Report> {
  const env = { DATABASE_URL: place.databaseUrl, TEMPORAL_ADDRESS: temporalAddress, HOPPER_HIERARCHY: '/dev/null' };
  const settings = readSettings(env);
  await migrateDatabase(settings);
  const api = await composeApi(settings);
  const database = openDatabase(place.databaseUrl, { maxConnections: 1 });
  const worker = startWorker(env);
  const [loadBefore, steps]: [number, { tasks: number; megabytes: number }[]] = [loadNow(), []];
  try {
    await plantProject(api.service);
    let parked = 0;
    for (const step of stepsTo(tasks)) {
      place.progress(`letting ${String(step)} tasks wait`);
      await park(api.service, database, step - parked, place.stopping);
      parked = step;
      steps.push({ tasks: step, megabytes: await worker.memory() });
    }
    return reportOf(steps, await machineOf(database, loadBefore));
  } finally {
    await worker.stop();
    await Promise.all([api.close(), database.close()]);
  }
}

/** A few, the full cache, then in equal parts to the end. */
function stepsTo(tasks: number): number[] {
  const beyond = PARTS.map((part) => CACHED_WORKFLOWS + Math.round((tasks - CACHED_WORKFLOWS) * part));
  return tasks <= CACHED_WORKFLOWS ? [FEW, tasks] : [FEW, CACHED_WORKFLOWS, ...beyond];
}

function reportOf(steps: Report['steps'], machine: Machine): Report {
  const beyond = steps.filter((step) => step.tasks > CACHED_WORKFLOWS);
  const [first, last] = [beyond[0], beyond.at(-1)];
  const perTask =
    first === undefined || last === undefined || last === first
      ? null
      : ((last.megabytes - first.megabytes) * 1_024) / (last.tasks - first.tasks);
  return { ...machine, cached: CACHED_WORKFLOWS, steps, kilobytesPerTaskOutOfCache: perTask };
}

function tableOf(report: Report): string {
  const perTask = report.kilobytesPerTaskOutOfCache;
  return [
    ...machineLines(report),
    `a cache of ${String(report.cached)} workflows.`,
    '',
    '| tasks that wait | of them in the cache | memory of the worker (MB) |',
    '|---:|---:|---:|',
    ...report.steps.map(
      ({ tasks, megabytes }) =>
        `| ${String(tasks)} | ${String(Math.min(tasks, report.cached))} | ${megabytes.toFixed(0)} |`,
    ),
    ...(perTask === null ? [] : ['', `Each task that came after others had left the cache: ${perTask.toFixed(1)} kB.`]),
  ].join('\n');
}
