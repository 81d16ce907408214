import { describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import type { CommandAnswer } from '../../workflows/messages.ts';
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
import { rests } from './support/at-rest.ts';
import { FIRST_START_MS, forgetfulServer, untilAdmitted } from './support/dev-server.ts';
import { holdNext } from './support/gate.ts';
import { eventNames } from './support/history.ts';
import { pushed } from './support/tree.ts';

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

  it('never does so while a worker of Temporal’s is at its task, whose answer would be lost (law 6)', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const worker = await Worker.create({
      connection: bench().environment.nativeConnection,
      taskQueue: 'agents',
      activities: { executeTask: () => finished.then(() => 'done') },
    });
    const running = worker.run();
    const begun = await bench().begin({ tree: pushed() });
    const { handle, row } = begun;
    await rests(begun, 'in_progress');
    const first = await runOf(handle);
    for (let reads = 1; reads <= SUGGESTED_AFTER / 2; reads += 1) {
      await handle.signal('reread');
      await row.untilReads(reads);
    }
    expect((await handle.describe()).historyLength).toBeGreaterThan(SUGGESTED_AFTER);
    finish();
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(await runOf(handle)).toBe(first);
    expect(row.task).toMatchObject({ result: 'done', totalAttempts: 0 });
    worker.shutdown();
    await running;
  });

  // The suggestion comes in another workflow task each time: one that reads, one that answers.
  it.each([0, 1, 2])('first answers everything that waits, having read %i times before', async (times) => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    for (let reads = 1; reads <= times; reads += 1) {
      await handle.signal('reread');
      await row.untilReads(reads);
    }
    const first = await runOf(handle);
    const answers: CommandAnswer[] = [];
    const given: string[] = [];
    const aRefusal = () => {
      const reason = `refusal ${String(given.length)}`;
      given.push(reason);
      return { delegationId, by: 'ana', reason };
    };
    while ((await runOf(handle)) === first) {
      const held = holdNext(row, 'readTask');
      await handle.signal('reread');
      await held.reached;
      for (let count = 0; count < 2; count += 1) await handle.signal('rejectDelegation', aRefusal());
      const updateId = `request-${String(answers.length)}`;
      const asked = update(handle, 'rejectDelegation', aRefusal(), updateId);
      await untilAdmitted(bench().environment.client, handle.workflowId, updateId);
      held.release();
      answers.push(await asked);
    }
    expect(answers.map((answer) => answer.verdict)).toEqual(answers.map(() => 'conflict'));
    await row.untilCommands(given.length);
    const carriedOut = row.commands.map(({ command }) => (command.kind === 'reject' ? command.reason : command.kind));
    expect(carriedOut).toEqual(given);
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
