// `npm run bench:routing`: how long one decision takes, by the number of siblings, on a database of its own.
import { openDatabase } from '../../src/persistence/database.ts';
import { migrateUp } from '../../src/persistence/migrator.ts';
import { defineModels } from '../../src/persistence/models/models.ts';
import { runBenchmark } from '../command-line.ts';
import { loadNow, machineOf } from '../figures.ts';
import { type OwnPlace, onOwnDatabase } from '../own-database.ts';
import { type BenchPlan, measureDecisions, settle } from './bench.ts';
import { type Report, reportOf, tableOf } from './report.ts';
import { type Globals, seed } from './seed.ts';
import { measureTree } from './tree.ts';

const HELP = `Usage: npm run bench:routing -- [options]

Starts a PostgreSQL in a temporary folder, fills it with projects and finished tasks, makes decisions of every kind, and
prints how long they took. The folder is removed at the end. It takes about two minutes.

  --quick       10 and 1,000 siblings, few finished tasks, few decisions: does it work?
  --unsettled   without VACUUM ANALYZE after filling: as right after an import
  --json FILE   write the figures to FILE too
  --help        this text
`;

interface Plan extends BenchPlan {
  readonly sizes: readonly number[];
  readonly finishedTasks: number;
  readonly treeTimes: number;
}

const FULL: Plan = {
  sizes: [10, 1_000, 10_000],
  finishedTasks: 100_000,
  rounds: 10,
  decisions: 30,
  warmUp: 20,
  treeTimes: 20,
};
const QUICK: Plan = { sizes: [10, 1_000], finishedTasks: 500, rounds: 2, decisions: 2, warmUp: 1, treeTimes: 2 };

process.exitCode = await runBenchmark({
  name: 'bench:routing',
  help: HELP,
  options: { quick: { type: 'boolean' }, unsettled: { type: 'boolean' } },
  measure: ({ quick, unsettled }) =>
    onOwnDatabase((place) => measure(place, quick === true ? QUICK : FULL, unsettled !== true)),
  tableOf,
});

async function measure(place: OwnPlace, plan: Plan, isSettled: boolean): Promise<Report> {
  const { databaseUrl, progress } = place;
  const globals = await fill(place, plan, isSettled);
  const database = openDatabase(databaseUrl, { maxConnections: 1 }); // one backend, whose CPU time is read
  try {
    const models = defineModels(database);
    const loadBefore = loadNow();
    progress('measuring decisions');
    const cells = await measureDecisions(models, globals, plan);
    progress('measuring the tree');
    const [treeSize, globalId] = [...globals].at(-1) ?? [0, ''];
    const tree = await measureTree(models, globalId, plan.treeTimes);
    const machine = await machineOf(database, loadBefore);
    return reportOf({ cells, tree, treeSize, machine, finishedTasks: plan.finishedTasks });
  } finally {
    await database.close();
  }
}

async function fill({ databaseUrl, progress }: OwnPlace, plan: Plan, isSettled: boolean): Promise<Globals> {
  const database = openDatabase(databaseUrl, { maxConnections: 4, isPatient: true });
  try {
    await migrateUp(database);
    progress(`filling: ${plan.sizes.join(', ')} projects, ${String(plan.finishedTasks)} finished tasks`);
    const globals = await seed(database, plan);
    if (isSettled) await settle(database);
    return globals;
  } finally {
    await database.close();
  }
}
