import { describe, expect, it } from '@jest/globals';
import { useBench } from './support/bench.ts';
import { FIRST_START_MS, forgetfulServer } from './support/dev-server.ts';
import { eventNames } from './support/history.ts';
import { save } from './support/saved-history.ts';
import { SCENARIOS } from './support/scenarios.ts';

const ENDS = /^WORKFLOW_EXECUTION_(COMPLETED|FAILED|CONTINUED_AS_NEW)$/;
const isToBeSaved = process.env['HOPPER_SAVE_HISTORIES'] === '1';

/** Every workflow task replays the whole history: the hardest test of determinism. See histories/README.md for saving. */
describe('a worker that remembers no workflow', () => {
  const bench = useBench({
    environment: () => forgetfulServer(70),
    maxCachedWorkflows: 0,
    startWithinMs: FIRST_START_MS,
  });

  it.each(Object.entries(SCENARIOS))('carries %s to its end', async (name, scenario) => {
    const { workflowId, firstExecutionRunId } = await scenario(bench());
    const first = bench().environment.client.workflow.getHandle(workflowId, firstExecutionRunId);
    const history = await first.fetchHistory();
    expect(eventNames(history).at(-1)).toMatch(ENDS);
    if (isToBeSaved) await save(name, workflowId, history);
  });
});
