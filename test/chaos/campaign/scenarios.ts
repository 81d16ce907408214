import type { Scenario } from './scenario.ts';
import { backupRestored } from './scenarios/backup-restored.ts';
import { connectionsTerminated } from './scenarios/connections-terminated.ts';
import { databaseReadOnly } from './scenarios/database-read-only.ts';
import { diskFull } from './scenarios/disk-full.ts';
import { races } from './scenarios/races.ts';
import { restartWithParked } from './scenarios/restart-with-parked.ts';
import { databaseKilled, temporalKilled } from './scenarios/servers-killed.ts';
import { signalsShuffled } from './scenarios/signals-shuffled.ts';
import { submittedTwice } from './scenarios/submitted-twice.ts';
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
  databaseReadOnly,
  diskFull,
  backupRestored,
  races,
  signalsShuffled,
  submittedTwice,
];
