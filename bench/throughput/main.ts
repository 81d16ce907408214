// `npm run bench`: Hopper from end to end, held against the engine’s own floor, on servers of its own.
import { createRequire } from 'node:module';
import pg from 'pg';
import { openDatabase } from '../../src/persistence/database.ts';
import { runBenchmark } from '../command-line.ts';
import { loadNow, machineOf } from '../figures.ts';
import { type OwnPlace, onOwnDatabase } from '../own-database.ts';
import type { Contender, ContenderName } from './contender.ts';
import { startFloors } from './floor-contender.ts';
import { startHopper } from './hopper-contender.ts';
import { measureCase } from './measure.ts';
import { type Plan, planOf } from './plan.ts';
import type { CaseReport, Report } from './report.ts';
import { COUNT_STATEMENTS } from './sample.ts';
import { type Servers, withServers } from './servers.ts';
import { tableOf } from './table.ts';

const HELP = `Usage: npm run bench -- [options]

Starts PostgreSQL, Temporal, Hopper’s worker and API, and the worker and API of the floor in a temporary folder, and measures
tasks from their submission to their end. The floor is a workflow written by hand for just this, on the same servers, with
the same updates, timers, search attributes and commits, and without routing; the bare floor has no timers and no search
attributes. The three take turns, and who begins changes; the figures are medians over the rounds.

  (a) two hops accepted by themselves, completed from outside
  (b) two hops accepted, accepted and completed from outside
  (c) (b) over HTTP by 64 clients, the API in a process of its own
  (d) two hops, claimed and completed over HTTP by 16 workers
  (e) a task with 20 parts
  (f) the time from a decision until the next hop is offered, at 10 decisions a second

(a), (b), (e) and (f) call Hopper’s service, or the floor’s updates, in the process of the benchmark. The full run takes
about a quarter of an hour, the quick one about two minutes.

  --cases a,b        only these
  --rounds N         rounds of each case (5)
  --tasks N          tasks in a round, whatever the case
  --concurrency N    tasks that are open at once (64; (e): at most 4)
  --quick            one round of few tasks: does it work?
  --json FILE        write the figures to FILE too
  --help             this text

The exit code is 1 if a case failed: no figure of Hopper’s is shown without its floors.
`;

process.exitCode = await runBenchmark({
  name: 'bench',
  help: HELP,
  options: {
    cases: { type: 'string' },
    rounds: { type: 'string' },
    tasks: { type: 'string' },
    concurrency: { type: 'string' },
    quick: { type: 'boolean' },
  },
  measure: (asked) => {
    const plan = planOf(asked);
    return onOwnDatabase((place) => withServers(place, (servers) => measure(place, servers, plan)), countStatements);
  },
  tableOf,
  isWhole: ({ cases }) => cases.every(({ status }) => status !== 'failed'),
});

async function countStatements(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const sql of COUNT_STATEMENTS) await client.query(sql);
  } finally {
    await client.end();
  }
}

async function measure(place: OwnPlace, servers: Servers, plan: Plan): Promise<Report> {
  const { progress } = place;
  const stopping = AbortSignal.any([place.stopping, AbortSignal.timeout(plan.minutes * 60_000)]);
  const began = performance.now();
  const loadBefore = loadNow();
  const undoing: (() => Promise<unknown>)[] = [];
  try {
    progress('starting Hopper and the floor');
    const undo = (step: () => Promise<unknown>): void => void undoing.push(step);
    const all = [await startHopper(servers, undo), ...(await startFloors(servers, undo))];
    const contenders = new Map<ContenderName, Contender>(all.map((each) => [each.name, each]));
    const cases: CaseReport[] = [];
    for (const name of plan.cases) {
      cases.push(await measureCase(name, { plan, contenders, servers, progress, stopping }));
    }
    const minutes = (performance.now() - began) / 60_000;
    return { ...(await versionsOf(servers, loadBefore)), minutes, cases };
  } finally {
    await Promise.allSettled(undoing.toReversed().map((step) => step()));
  }
}

async function versionsOf({ databaseUrl, client }: Servers, loadBefore: number) {
  const database = openDatabase(databaseUrl, { maxConnections: 1 });
  try {
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
    return { ...(await machineOf(database, loadBefore)), temporal: serverVersion, sdk: version };
  } finally {
    await database.close();
  }
}
