import type { Scenario } from './scenario.ts';
import { workersKilled } from './scenarios/workers-killed.ts';

/** Everything that `npm run chaos` does to Hopper, in this order. */
export const SCENARIOS: readonly Scenario[] = [workersKilled];
