// `npm run bench:claims`: how long a worker waits for its next task, by the length of the queue, on a database of its own.
import { API_CONNECTIONS } from '../../src/composition.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { migrateUp } from '../../src/persistence/migrator.ts';
import { defineModels } from '../../src/persistence/models/models.ts';
import { runBenchmark } from '../command-line.ts';
import { loadNow, machineOf } from '../figures.ts';
import { type OwnPlace, onOwnDatabase } from '../own-database.ts';
import { type Many, type ManyPlan, measureMany } from './claimers.ts';
import { type OneByOnePlan, measureOneByOne } from './one-by-one.ts';
import { type Report, reportOf, tableOf } from './report.ts';
import { type Places, type SeedPlan, seed } from './seed.ts';

const HELP = `Usage: npm run bench:claims -- [options]

Starts a PostgreSQL in a temporary folder, fills it with queued tasks, has them claimed one after the other and by many
workers at once, and prints how long that took. The folder is removed at the end. It takes about a minute.

  --quick       short queues and few claims: does it work?
  --json FILE   write the figures to FILE too
  --help        this text
`;

interface Plan extends SeedPlan, OneByOnePlan {
  readonly many: ManyPlan;
}

const FULL: Plan = {
  queues: [100, 10_000, 100_000],
  spread: { instances: 100, tasks: 100_000 },
  forMany: 12_000,
  rounds: 10,
  claims: 30,
  warmUp: 20,
  many: { claimers: 64, seconds: 20, claims: 6_000 },
};
const QUICK: Plan = {
  queues: [100, 1_000],
  spread: { instances: 5, tasks: 500 },
  forMany: 400,
  rounds: 2,
  claims: 3,
  warmUp: 1,
  many: { claimers: 64, seconds: 10, claims: 200 },
};

process.exitCode = await runBenchmark({
  name: 'bench:claims',
  help: HELP,
  options: { quick: { type: 'boolean' } },
  measure: ({ quick }) => onOwnDatabase((place) => measure(place, quick === true ? QUICK : FULL)),
  tableOf,
});

async function measure(place: OwnPlace, plan: Plan): Promise<Report> {
  const { databaseUrl, progress } = place;
  const places = await fill(place, plan);
  const database = openDatabase(databaseUrl, { maxConnections: 1 });
  const loadBefore = loadNow();
  try {
    progress('one claim after the other');
    const cells = await measureOneByOne(defineModels(database), places, plan);
    progress(`${String(plan.many.claimers)} workers at once`);
    const many = await manyAtOnce(databaseUrl, places.shared, plan.many);
    return reportOf(cells, many, await machineOf(database, loadBefore));
  } finally {
    await database.close();
  }
}

/** On the pool of an API process. */
async function manyAtOnce(url: string, instanceId: string, plan: ManyPlan): Promise<Many> {
  const database = openDatabase(url, { maxConnections: API_CONNECTIONS });
  try {
    return await measureMany(defineModels(database), instanceId, plan, API_CONNECTIONS);
  } finally {
    await database.close();
  }
}

async function fill({ databaseUrl, progress }: OwnPlace, plan: Plan): Promise<Places> {
  const database = openDatabase(databaseUrl, { maxConnections: 4, isPatient: true });
  try {
    await migrateUp(database);
    progress(`filling: ${plan.queues.join(', ')} queued tasks, ${String(plan.spread.tasks)} in a tree`);
    return await seed(database, plan);
  } finally {
    await database.close();
  }
}
