import type { Scenario } from './scenario.ts';
import { connectionsTerminated } from './scenarios/connections-terminated.ts';
import { restartWithParked } from './scenarios/restart-with-parked.ts';
import { databaseKilled, temporalKilled } from './scenarios/servers-killed.ts';
import { workerFrozen } from './scenarios/worker-frozen.ts';
import { workersAway } from './scenarios/workers-away.ts';
import { workersKilled } from './scenarios/workers-killed.ts';

/** Everything that `npm run chaos` does to Hopper, in this order. */
export const SCENARIOS: readonly Scenario[] = [
  workersKilled,
  databaseKilled,
  connectionsTerminated,
  temporalKilled,
  workerFrozen,
  workersAway,
  restartWithParked,
];
