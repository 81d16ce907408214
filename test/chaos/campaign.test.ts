import { describe, expect, it } from '@jest/globals';
import { runScenario } from './campaign/run-scenario.ts';
import { NOT_DONE } from './campaign/scenario.ts';
import { SCENARIOS } from './campaign/scenarios.ts';

const SEED = 42;
const never = new AbortController().signal;
const say = (): void => undefined;

describe('the campaign of faults, short', () => {
  it.concurrent.each(SCENARIOS.map((scenario) => [scenario.promise, scenario] as const))(
    '%s',
    async (_, scenario) => {
      const outcome = await runScenario(scenario, { seed: SEED, size: 'short', say, stopping: never });
      const shown = NOT_DONE in outcome.account ? { [NOT_DONE]: 'only root may mount a small disk' } : { findings: 0 };
      expect(outcome).toMatchObject({ broken: null, account: shown });
    },
    120_000,
  );
});
