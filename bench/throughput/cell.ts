import { cpuTimeOf } from './cpu-time.ts';
import { CASE, type CaseName, DECISIONS_PER_SECOND, WORKERS } from './cases.ts';
import type { Contender } from './contender.ts';
import { type Crowd, crowdOf, workersOf } from './crowd.ts';
import { type Hands, type Life, acceptedByHand, acceptedByItself, claimed, inParts } from './lives.ts';
import { type NextHopTimes, measureNextHop } from './next-hop.ts';
import type { Servers } from './servers.ts';
import { Watch } from './watch.ts';

/** CPU-milliseconds of each process; null where the system does not tell. */
export type Cpu = Readonly<Record<'temporal' | 'worker' | 'api' | 'database' | 'client', number | null>>;

/** The figure of each process. */
export function ofEach(figure: (name: keyof Cpu) => number | null): Cpu {
  const [temporal, worker, api] = [figure('temporal'), figure('worker'), figure('api')];
  return { temporal, worker, api, database: figure('database'), client: figure('client') };
}

/** One contender in one round of a case. */
export interface Cell {
  readonly tasks: number;
  readonly seconds: number;
  readonly times: readonly number[];
  readonly cpu: Cpu;
}

const LOOK_EVERY_MS = 10;
const LOOK_CLOSELY_EVERY_MS = 2;

/** The life of one task in each case; what is measured of (d) and (f) is driven otherwise. */
export const LIFE: Readonly<Record<CaseName, Life>> = {
  a: acceptedByItself,
  b: acceptedByHand,
  c: acceptedByHand,
  d: claimed,
  e: inParts,
  f: acceptedByHand,
};

/** Does something with a contender as a driver of this case has it. */
export async function withHands<Result>(
  name: CaseName,
  contender: Contender,
  { databaseUrl }: Servers,
  work: (hands: Hands) => Promise<Result>,
): Promise<Result> {
  const everyMs = name === 'f' ? LOOK_CLOSELY_EVERY_MS : LOOK_EVERY_MS;
  const watch = await Watch.open(databaseUrl, contender.lookSql, everyMs);
  const door = name === 'c' || name === 'd' ? contender.http : contender.inProcess;
  return work({ door, watch }).finally(() => watch.close());
}

/** Measures one round of one contender. */
export async function measureCell(
  name: Exclude<CaseName, 'f'>,
  plan: { readonly tasks: number; readonly concurrency: number },
  contender: Contender,
  servers: Servers,
): Promise<Cell> {
  return withHands(name, contender, servers, async (hands) => {
    const before = await cpuNow(contender, servers);
    const began = performance.now();
    const { times, atRest } = await drive(name, plan, contender, hands);
    const seconds = (performance.now() - began) / 1_000;
    const cpu = spent(before, await cpuNow(contender, servers));
    await atRest;
    return { tasks: plan.tasks, seconds, times, cpu };
  });
}

/** Measures how soon the next hop is offered, in one round of one contender. */
export function measureNextHops(decisions: number, contender: Contender, servers: Servers): Promise<NextHopTimes> {
  const plan = { decisions, perSecond: DECISIONS_PER_SECOND };
  return withHands('f', contender, servers, (hands) => measureNextHop(plan, hands));
}

function drive(
  name: Exclude<CaseName, 'f'>,
  plan: { readonly tasks: number; readonly concurrency: number },
  { http }: Contender,
  hands: Hands,
): Promise<Crowd> {
  if (name === 'd') return workersOf({ ...plan, workers: WORKERS }, { door: http, work: http });
  return crowdOf({ ...plan, concurrency: Math.min(plan.concurrency, CASE[name].concurrency) }, hands, LIFE[name]);
}

async function cpuNow({ pids }: Contender, servers: Servers): Promise<Cpu> {
  const [temporal, worker, api, database] = await Promise.all(
    [servers.pids.temporal, pids.worker, pids.api, servers.pids.postgres].map(cpuTimeOf),
  );
  const { user, system } = process.cpuUsage();
  const known = (time: number | null | undefined): number | null => time ?? null;
  return {
    temporal: known(temporal),
    worker: known(worker),
    api: known(api),
    database: known(database),
    client: (user + system) / 1_000,
  };
}

function spent(before: Cpu, after: Cpu): Cpu {
  return ofEach((name) => {
    const [from, to] = [before[name], after[name]];
    return from === null || to === null ? null : to - from;
  });
}
