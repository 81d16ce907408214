import { createRequire } from 'node:module';
import pg from 'pg';
import { openDatabase } from '../../src/persistence/database.ts';
import { loadNow, machineOf } from '../figures.ts';
import { type OwnPlace, onOwnDatabase } from '../own-database.ts';
import type { Contender, ContenderName } from './contender.ts';
import { startFloors } from './floor-contender.ts';
import { startHopper } from './hopper-contender.ts';
import { measureCase } from './measure.ts';
import type { Plan } from './plan.ts';
import type { CaseReport, Report } from './report.ts';
import { COUNT_STATEMENTS } from './sample.ts';
import { type Servers, withServers } from './servers.ts';

/** All contenders have their pools open at once, which is more than one Hopper has. */
const CONNECTIONS = 120;

/** Starts the servers and the contenders, measures case after case, and leaves nothing behind. */
export function runPlan(plan: Plan): Promise<Report> {
  return onOwnDatabase((place) => withServers(place, (servers) => measure(place, servers, plan)), {
    prepare: countStatements,
    maxConnections: CONNECTIONS,
  });
}

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
