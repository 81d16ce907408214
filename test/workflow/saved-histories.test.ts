import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { DeterminismViolationError } from '@temporalio/workflow';
import { workflowBundlePath } from '../support/servers/addresses.ts';
import { replay } from './support/bench.ts';
import { readSaved, savedNames } from './support/saved-history.ts';
import { SCENARIOS } from './support/scenarios.ts';

describe('the saved histories', () => {
  it('are one of each scenario', async () => {
    expect((await savedNames()).toSorted()).toEqual(Object.keys(SCENARIOS).toSorted());
  });

  it.each(Object.keys(SCENARIOS))('replay: %s', async (name) => {
    await replaySaved(name);
  });

  it.each([
    ['runs another step', 'accepted-by-hand', 'steps.applyCommand', 'steps.readTask'],
    ['leaves a timer out', 'accepted-by-hand', 'this.deadline !== null', 'false'],
    ['publishes before it should', 'all-at-once', 'if (this.inbox.isEmpty) this.board.publish', 'this.board.publish'],
    ['leaves out a reread', 'changed-behind-its-back', 'this.rereads += 1', 'this.rereads += 0'],
    ['never continues as new', 'continued-as-new', '.continueAsNewSuggested', '.noSuchThing'],
  ])('do not replay in a workflow that %s', async (_what, name, original, changed) => {
    const code = await readFile(workflowBundlePath(), 'utf8');
    expect(code).toContain(original);
    await expect(replaySaved(name, code.replaceAll(original, changed))).rejects.toThrow(DeterminismViolationError);
  });

  it('replay in a workflow that leaves a timer out behind a patch, as docs/changing-the-workflow.md shows it', async () => {
    const code = await readFile(workflowBundlePath(), 'utf8');
    const original = 'if (this.deadline !== null)';
    const patched = "(0,_temporalio_workflow__WEBPACK_IMPORTED_MODULE_0__.patched)('offers-never-expire')";
    expect(code).toContain(original);
    await replaySaved('accepted-by-hand', code.replace(original, `if (!${patched} && this.deadline !== null)`));
  });
});

async function replaySaved(name: string, code?: string): Promise<void> {
  const { workflowId, history } = await readSaved(name);
  await replay(history, workflowId, code);
}
