import { describe, expect, it } from '@jest/globals';
import {
  type TaskHandle,
  attributesOf,
  resultOf,
  stateOf,
  untilOffered,
  untilStatus,
  update,
  useBench,
} from './support/bench.ts';
import { FIRST_START_MS, forgetfulServer, untilAdmitted } from './support/dev-server.ts';
import { holdNext } from './support/gate.ts';
import { eventNames } from './support/history.ts';

const SUGGESTED_AFTER = 40;
const runOf = async (handle: TaskHandle): Promise<string> => (await handle.describe()).runId;

describe('a workflow whose history has grown long', () => {
  const bench = useBench({ environment: () => forgetfulServer(SUGGESTED_AFTER), startWithinMs: FIRST_START_MS });

  /** Gives it so much to read that the server suggests a new run. */
  async function wearOut(handle: TaskHandle, untilReads: (count: number) => Promise<void>): Promise<void> {
    const first = await runOf(handle);
    for (let reads = 1; (await runOf(handle)) === first; reads += 1) {
      await handle.signal('reread');
      await untilReads(reads);
    }
  }

  it('goes on in a new run with nothing but its id, and waits for the same offer', async () => {
    const { handle, row, taskId } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    const attributes = await attributesOf(handle);
    await wearOut(handle, (count) => row.untilReads(count));

    expect(await untilOffered(handle, 'billing')).toBe(delegationId);
    expect(await attributesOf(handle)).toEqual(attributes);
    const { events } = await handle.fetchHistory();
    expect(eventNames({ events: events ?? null })).not.toContain('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES');
    expect(row.events).toEqual(['task_delegated']);

    await handle.signal('acceptDelegation', { delegationId, by: 'ana' });
    await update(handle, 'rerouteTask', { by: 'ana' });
    await update(handle, 'cancelTask', { by: 'ana' });
    expect(await resultOf(handle)).toMatchObject({ taskId, status: 'cancelled' });
    const [accept] = row.commands;
    expect(accept?.commandId).not.toContain(handle.firstExecutionRunId);
  });

  it('first answers everything that waits', async () => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    const first = await runOf(handle);
    const answers: Promise<unknown>[] = [];
    while ((await runOf(handle)) === first || answers.length < SUGGESTED_AFTER / 4) {
      const held = holdNext(row, 'readTask');
      await handle.signal('reread');
      await held.reached;
      const updateId = `request-${String(answers.length)}`;
      const message = { delegationId, by: 'ana', reason: updateId };
      answers.push(update(handle, 'rejectDelegation', message, updateId));
      await untilAdmitted(bench().environment.client, handle.workflowId, updateId);
      held.release();
      await answers.at(-1);
    }
    const [accepted, ...others] = await Promise.all(answers);
    expect(accepted).toMatchObject({ verdict: 'done' });
    expect(others).toEqual(others.map(() => expect.objectContaining({ verdict: 'conflict' })));
    expect(row.commands.map((each) => each.commandId)).toEqual(
      answers.map((_, index) => `update/request-${String(index)}`),
    );
    expect(await stateOf(handle)).toMatchObject({ offer: { to: 'shipping' } });
  });
});

describe('a workflow that ends', () => {
  const bench = useBench({ environment: () => forgetfulServer(4_096), startWithinMs: FIRST_START_MS });

  it('first answers what came in the same workflow task as its end', async () => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    await update(handle, 'acceptDelegation', { delegationId, by: 'ana' });
    await untilOffered(handle, 'agents');
    await update(handle, 'reassignTask', { by: 'ana', targetInstanceId: 'shipping', notes: 'theirs' });
    await update(handle, 'acceptDelegation', { delegationId: await untilOffered(handle, 'shipping'), by: 'bo' });
    await untilStatus(handle, 'queued');

    const held = holdNext(row, 'readTask');
    await handle.signal('reread');
    await held.reached;
    await handle.signal('completeTask', { delegationId: row.chain.at(-1)!.id, by: 'bo' });
    const late = update(handle, 'cancelTask', { by: 'ana' }, 'late');
    await untilAdmitted(bench().environment.client, handle.workflowId, 'late');
    held.release();

    expect(await late).toMatchObject({ verdict: 'conflict', detail: 'task is completed, by bo' });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(eventNames(await handle.fetchHistory()).slice(-2)).toEqual([
      'WORKFLOW_EXECUTION_UPDATE_COMPLETED',
      'WORKFLOW_EXECUTION_COMPLETED',
    ]);
  });
});
