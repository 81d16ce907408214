import { describe, expect, it } from '@jest/globals';
import { type TaskHandle, resultOf, untilOffered, update, useBench } from './support/bench.ts';
import { FIRST_START_MS, devServer } from './support/dev-server.ts';
import { holdNext } from './support/gate.ts';
import { eventNames, upsertsPerWorkflowTask } from './support/history.ts';
import { AUTO, MANUAL } from './support/tree.ts';

const TASK = ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED', 'WORKFLOW_TASK_COMPLETED'];
const UPSERT = 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES';
const ACCEPTED = 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED';
const ANSWERED = 'WORKFLOW_EXECUTION_UPDATE_COMPLETED';

const namesOf = async (handle: TaskHandle): Promise<string[]> => eventNames(await handle.fetchHistory());

describe('the history of a task', () => {
  const bench = useBench({ environment: () => devServer(), startWithinMs: FIRST_START_MS });

  it('has 16 events for two hops that accept by themselves and a completion by update', async () => {
    const { handle, row } = await bench().begin({ tree: AUTO });
    await row.untilStep(3);
    await update(handle, 'completeTask', { by: 'ana', delegationId: row.chain.at(-1)?.id });
    await resultOf(handle);
    expect(await namesOf(handle)).toEqual([
      ...['WORKFLOW_EXECUTION_STARTED', ...TASK, 'MARKER_RECORDED', 'MARKER_RECORDED', 'MARKER_RECORDED', UPSERT],
      ...[...TASK, ACCEPTED, 'MARKER_RECORDED', UPSERT, ANSWERED, 'WORKFLOW_EXECUTION_COMPLETED'],
    ]);
  });

  it('has 32 events for two hops that are accepted by hand and a completion, all by update', async () => {
    const { handle, row } = await bench().begin({ tree: MANUAL });
    await row.untilStep(1);
    await update(handle, 'acceptDelegation', { by: 'ana', delegationId: row.chain.at(-1)?.id });
    await row.untilStep(3);
    await update(handle, 'acceptDelegation', { by: 'bo', delegationId: row.chain.at(-1)?.id });
    await row.untilStep(5);
    await update(handle, 'completeTask', { by: 'bo', delegationId: row.chain.at(-1)?.id });
    await resultOf(handle);
    const accept = [...TASK, ACCEPTED, 'TIMER_CANCELED', 'MARKER_RECORDED', UPSERT];
    expect(await namesOf(handle)).toEqual([
      ...['WORKFLOW_EXECUTION_STARTED', ...TASK, 'MARKER_RECORDED', UPSERT, 'TIMER_STARTED'],
      ...[...accept, 'TIMER_STARTED', ANSWERED],
      ...[...accept, ANSWERED],
      ...[...TASK, ACCEPTED, 'MARKER_RECORDED', UPSERT, ANSWERED, 'WORKFLOW_EXECUTION_COMPLETED'],
    ]);
  });

  it('has one upsert for all commands that arrived while a step was running', async () => {
    const { handle, row, taskId } = await bench().begin({ tree: MANUAL });
    await untilOffered(handle, 'billing');
    const held = holdNext(row, 'readTask');
    await handle.signal('reread');
    await held.reached;
    const [toBilling, toAgents] = [`${taskId}/decide/0`, `${taskId}/decide/2`];
    await handle.signal('acceptDelegation', { by: 'ana', delegationId: toBilling });
    await handle.signal('acceptDelegation', { by: 'bo', delegationId: toAgents });
    await handle.signal('completeTask', { by: 'bo', delegationId: toAgents });
    held.release();
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(upsertsPerWorkflowTask(await handle.fetchHistory())).toEqual([1, 1]);
  });
});
