import { describe, expect, it } from '@jest/globals';
import { runScenario } from './campaign/run-scenario.ts';
import { SCENARIOS } from './campaign/scenarios.ts';

const SEED = 42;
const never = new AbortController().signal;
const say = (): void => undefined;

describe('the campaign of faults, short', () => {
  it.concurrent.each(SCENARIOS.map((scenario) => [scenario.promise, scenario] as const))(
    '%s',
    async (_, scenario) => {
      const outcome = await runScenario(scenario, { seed: SEED, size: 'short', say, stopping: never });
      expect(outcome).toMatchObject({ broken: null, account: { findings: 0 } });
    },
    120_000,
  );
});
