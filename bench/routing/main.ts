// `npm run bench:routing`: how long one decision takes, by the number of siblings, on a database of its own.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { QueryTypes } from 'sequelize';
import { openDatabase } from '../../src/persistence/database.ts';
import { migrateUp } from '../../src/persistence/migrator.ts';
import { defineModels } from '../../src/persistence/models/models.ts';
import { startPostgres } from '../../src/stack/embedded-postgres.ts';
import { type BenchPlan, measureDecisions, settle } from './bench.ts';
import { loadNow, type Report, reportOf, tableOf } from './report.ts';
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

process.exitCode = await main();

async function main(): Promise<number> {
  const options = { quick: { type: 'boolean' }, unsettled: { type: 'boolean' }, json: { type: 'string' } } as const;
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
    if (values.help === true) return say(HELP);
    const report = await onOwnDatabase(values.quick === true ? QUICK : FULL, values.unsettled !== true);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
    return say(`${tableOf(report)}\n`);
  } catch (error) {
    process.stderr.write(`bench:routing: ${error instanceof Error ? error.message : String(error)}\n`);
    const isUsage = error instanceof TypeError && 'code' in error;
    if (isUsage) process.stderr.write(HELP);
    return isUsage ? 2 : 1;
  }
}

function say(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

async function onOwnDatabase(plan: Plan, isSettled: boolean): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'hopper-bench-'));
  await chmod(folder, 0o711); // the database's user passes through
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort(new Error('stopped'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  const progress = (message: string): void => void process.stderr.write(`${message}\n`);
  try {
    const place = { folder: join(folder, 'postgres'), port: { variable: 'PORT' } };
    const server = await startPostgres({ ...place, progress, signal: stopping.signal });
    const stopped = new Promise<never>((_, reject) => {
      stopping.signal.addEventListener('abort', () => {
        reject(stopping.signal.reason as Error);
      });
    });
    return await Promise.race([measure(server.databaseUrl, plan, isSettled, progress), stopped]).finally(() =>
      server.close(),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  url: string,
  plan: Plan,
  isSettled: boolean,
  progress: (message: string) => void,
): Promise<Report> {
  const globals = await fill(url, plan, isSettled, progress);
  const database = openDatabase(url, { maxConnections: 1 }); // one backend, whose CPU time is read
  try {
    const models = defineModels(database);
    const loadBefore = loadNow();
    progress('measuring decisions');
    const cells = await measureDecisions(models, globals, plan);
    progress('measuring the tree');
    const [treeSize, globalId] = [...globals].at(-1) ?? [0, ''];
    const tree = await measureTree(models, globalId, plan.treeTimes);
    const [version] = await database.query<{ server_version: string }>('SHOW server_version', {
      type: QueryTypes.SELECT,
    });
    const { finishedTasks } = plan;
    return reportOf({ cells, tree, treeSize, postgres: version?.server_version ?? '?', finishedTasks, loadBefore });
  } finally {
    await database.close();
  }
}

async function fill(
  url: string,
  plan: Plan,
  isSettled: boolean,
  progress: (message: string) => void,
): Promise<Globals> {
  const database = openDatabase(url, { maxConnections: 4, isPatient: true });
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
