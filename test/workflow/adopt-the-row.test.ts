import { describe, expect, it } from '@jest/globals';
import { attributesOf, resultOf, stateOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { holdNext } from './support/gate.ts';
import { eventNames } from './support/history.ts';
import { MANUAL, type Tree } from './support/tree.ts';

const HURRIED: Tree = { ...MANUAL, shipping: { scope: 'project', acceptance: 'manual', timeoutSeconds: 60 } };

describe('the workflow adopts the row', () => {
  const bench = useBench();

  it('that a step answers, not the one it wanted', async () => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    row.around = async (call, proceed) => {
      await proceed();
      if (call.step === 'applyCommand') await row.behindItsBack({ kind: 'cancel', reason: 'not needed' });
      return row.readNow();
    };
    await handle.signal('acceptDelegation', { delegationId, by: 'ana' });
    const failure = { code: 'cancelled', reason: 'not needed' };
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled', failure });
    expect(row.calls.map((call) => call.step)).toEqual(['routeTask', 'applyCommand']);
  });

  it('when it is told to read it again: what was completed elsewhere ends', async () => {
    const { handle, row, taskId } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    await row.behindItsBack({ kind: 'reassign', targetInstanceId: 'people', delegationType: 'reassign' });
    await row.behindItsBack({ kind: 'accept', delegationId: row.chain.at(-1)!.id });
    await row.behindItsBack({ kind: 'complete', delegationId: row.chain.at(-1)!.id });
    expect(await stateOf(handle)).toMatchObject({ status: 'offered', offer: { delegationId } });
    await handle.signal('reread');
    expect(await resultOf(handle)).toEqual({ taskId, status: 'completed', failure: null });
    expect(row.commands).toEqual([]);
    expect(await attributesOf(handle)).toMatchObject({ HopperPhase: 'done', HopperStep: row.task.step });
  });

  it('when it is told to read it again: what was offered elsewhere is waited for, by a clock of its own', async () => {
    const { handle, row } = await bench().begin({ tree: HURRIED });
    await untilOffered(handle, 'billing');
    await row.behindItsBack({ kind: 'reassign', targetInstanceId: 'shipping', delegationType: 'reassign' });
    await handle.signal('reread');
    const delegationId = await untilOffered(handle, 'shipping');
    await bench().environment.sleep(70_000);
    await untilOffered(handle, 'billing');
    expect(row.commands.map((each) => each.commandId)).toEqual([`expire/${delegationId}`]);
  });

  it('once, however often it is told while it is busy', async () => {
    const { handle, row } = await bench().begin();
    await untilOffered(handle, 'billing');
    const held = holdNext(row, 'readTask');
    await handle.signal('reread');
    await held.reached;
    for (let times = 0; times < 5; times += 1) await handle.signal('reread');
    held.release();
    await update(handle, 'completeTask', { by: 'ana' });
    await update(handle, 'completeTask', { by: 'ana' });
    expect(row.calls.filter((call) => call.step === 'readTask')).toHaveLength(2);
  });

  it('and writes nothing when it knew the row already', async () => {
    const { handle, row } = await bench().begin();
    const before = await untilOffered(handle, 'billing');
    await handle.signal('reread');
    await row.untilReads(1);
    expect(await untilOffered(handle, 'billing')).toBe(before);
    expect(row.events).toEqual(['task_delegated']);
    const names = eventNames(await handle.fetchHistory());
    expect(names.filter((name) => name === 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES')).toHaveLength(1);
  });

  it('that is gone: a deleted task ends as cancelled, and nothing brings it back', async () => {
    const { handle, row, taskId } = await bench().begin();
    await untilOffered(handle, 'billing');
    row.delete();
    await handle.signal('reread');
    const failure = { code: 'deleted', reason: 'the task was deleted' };
    expect(await resultOf(handle)).toEqual({ taskId, status: 'cancelled', failure });
    expect(row.commands).toEqual([]);
  });

  it('of a task that is final already: a new run ends at once', async () => {
    const { handle, row, taskId } = await bench().begin();
    await untilOffered(handle, 'billing');
    await update(handle, 'cancelTask', { by: 'ana' });
    await resultOf(handle);
    const { step } = row.task;
    const again = await bench().start(`task/${taskId}`, { task: { id: taskId } });
    expect(await resultOf(again)).toMatchObject({ status: 'cancelled' });
    expect(row.task.step).toBe(step);
  });

  it('of a task that is on its way: a new run goes on where it stands', async () => {
    const { handle, row, taskId } = await bench().begin();
    await update(handle, 'acceptDelegation', { delegationId: await untilOffered(handle, 'billing'), by: 'ana' });
    const delegationId = await untilOffered(handle, 'agents');
    await handle.terminate('lost');
    const again = await bench().start(`task/${taskId}`, { task: { id: taskId } });
    expect(await untilOffered(again, 'agents')).toBe(delegationId);
    await update(again, 'acceptDelegation', { delegationId, by: 'bo' });
    await untilStatus(again, 'queued');
    expect(row.events.filter((event) => event === 'task_delegated')).toHaveLength(2);
  });
});
