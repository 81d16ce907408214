import { type Outcome, type Run, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { resultOf, wordsOf } from './table.ts';

/** What is run, and for how long. */
export interface Plan extends Run {
  readonly scenarios: readonly Scenario[];
  /** Rounds with the seeds after the first one are begun until so many hours have passed; 0: one round. */
  readonly hours: number;
}

const HOUR_MS = 3_600_000;

/** Runs the scenarios one after another; `onEnd` gets all that ended so far. Ends early when it is stopped. */
export async function runCampaign(
  plan: Plan,
  onEnd: (outcomes: readonly Outcome[]) => Promise<void>,
): Promise<readonly Outcome[]> {
  const { scenarios, hours, say, stopping } = plan;
  const deadline = Date.now() + hours * HOUR_MS;
  const outcomes: Outcome[] = [];
  try {
    for (let round = 0; round === 0 || Date.now() < deadline; round += 1) {
      const seed = plan.seed + round;
      if (hours > 0) say(`round ${String(round + 1)}, seed ${String(seed)}`);
      for (const scenario of scenarios) {
        if (stopping.aborted || (round > 0 && Date.now() > deadline)) return outcomes;
        say(`${scenario.name}: ${scenario.promise}`);
        const outcome = await runScenario(scenario, { ...plan, seed });
        outcomes.push(outcome);
        say(`${scenario.name}: ${resultOf(outcome.account, outcome.broken)} (${wordsOf(outcome.account)})`);
        await onEnd(outcomes);
      }
    }
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
  return outcomes;
}
