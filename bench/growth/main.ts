// `npm run bench:growth`: what becomes of Hopper as it fills with finished tasks, instances and waiting tasks.
import { openDatabase } from '../../src/persistence/database.ts';
import { runBenchmark } from '../command-line.ts';
import { type Machine, loadNow, machineOf } from '../figures.ts';
import type { OwnPlace } from '../own-database.ts';
import { type Samples, measureStands } from './grow.ts';
import { type Plan, planOf } from './options.ts';
import { measureParked } from './parked.ts';
import {
  type Growth,
  MOST_GROWTH_BY_FINISHED,
  MOST_GROWTH_BY_INSTANCES,
  type Report,
  growthOf,
  parkedOf,
} from './report.ts';
import { onFreshServers } from './servers.ts';
import { type Stand, type StandWish, buildStand } from './stand.ts';
import { tableOf } from './table.ts';

const HELP = `Usage: npm run bench:growth -- [options]

Starts PostgreSQL and Temporal in a temporary folder for each of three parts, fills them, and prints what takes longer than
before. Whole Hoppers of different size stand side by side and take turns. For a while it takes 12 GB
of disk.

  --finished LIST   finished tasks (0,100000,1000000), below ten projects
  --instances LIST  projects below one Global (10,1000,10000)
  --parked LIST     tasks that are offered and wait for an accept, each with its workflow (1000,10000); 100000 take hours
  --only PART       finished, instances or parked
  --quick           small sizes: does it work?
  --json FILE       write the figures to FILE too
  --help            this text
`;
const PROJECTS = 10;
const text = { type: 'string' } as const;

process.exitCode = await runBenchmark({
  name: 'bench:growth',
  help: HELP,
  options: { finished: text, instances: text, parked: text, only: text, quick: { type: 'boolean' } },
  measure: async (asked) => measure(planOf(asked)),
  tableOf,
});

async function measure(plan: Plan): Promise<Report> {
  const loadBefore = loadNow();
  let report: Report | Omit<Report, keyof Machine> = {};
  let machine: Machine | undefined;
  const part = async (work: (place: OwnPlace, address: string) => Promise<Omit<Report, keyof Machine>>) => {
    await onFreshServers(async (place, address) => {
      report = { ...report, ...(await work(place, address)) };
      machine = await machineAt(place.databaseUrl, loadBefore);
    });
  };
  const { finished, instances, parked } = plan.sizes;
  if (finished.length > 0) await part((place, address) => measureFinished(place, address, plan));
  if (instances.length > 0) await part((place, address) => measureInstances(place, address, plan));
  if (parked.length > 0)
    await part(async (place, address) => ({
      parked: parkedOf(await measureParked(place, address, { sizes: parked, accepts: plan.accepts })),
    }));
  if (machine === undefined) throw new Error('nothing was measured');
  return { ...machine, ...report };
}

async function measureFinished(place: OwnPlace, address: string, plan: Plan): Promise<Pick<Report, 'finished'>> {
  const wishes = plan.sizes.finished.map((size) => ({ size, projects: PROJECTS, finished: size }));
  const { stands, samples } = await onStands(place, address, wishes, plan);
  const bytesPerTask = stands.at(-1)?.bytesPerFinished ?? {};
  return { finished: { ...growthOf(samples, MOST_GROWTH_BY_FINISHED), bytesPerTask } };
}

async function measureInstances(place: OwnPlace, address: string, plan: Plan): Promise<{ instances: Growth }> {
  const wishes = plan.sizes.instances.map((size) => ({ size, projects: size, finished: 0 }));
  const { samples } = await onStands(place, address, wishes, plan);
  return { instances: growthOf(samples, MOST_GROWTH_BY_INSTANCES) };
}

async function onStands(
  place: OwnPlace,
  address: string,
  wishes: readonly StandWish[],
  plan: Plan,
): Promise<{ stands: readonly Stand[]; samples: readonly Samples[] }> {
  const stands: Stand[] = [];
  for (const wish of wishes) {
    place.progress(`filling: ${String(wish.projects)} projects, ${String(wish.finished)} finished tasks`);
    stands.push(await buildStand(place, address, wish));
  }
  return { stands, samples: await measureStands(stands, { plan, ...place }) };
}

async function machineAt(url: string, loadBefore: number): Promise<Machine> {
  const database = openDatabase(url, { maxConnections: 1 });
  try {
    return await machineOf(database, loadBefore);
  } finally {
    await database.close();
  }
}
