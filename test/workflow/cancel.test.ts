import { describe, expect, it } from '@jest/globals';
import { resultOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { holdNext } from './support/gate.ts';
import { AUTO } from './support/tree.ts';

describe('the cancellation of a workflow', () => {
  const bench = useBench();

  it('cancels the task, with its offer and its path, and is a result like any other', async () => {
    const { handle, row, taskId } = await bench().begin();
    await update(handle, 'acceptDelegation', { delegationId: await untilOffered(handle, 'billing'), by: 'ana' });
    await untilOffered(handle, 'agents');
    await handle.cancel();
    const failure = { code: 'cancelled', reason: 'cancelled in Temporal' };
    expect(await resultOf(handle)).toEqual({ taskId, status: 'cancelled', failure });
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    expect(row.chain.map((hop) => hop.status)).toEqual(['cancelled', 'cancelled']);
    expect(row.commands.at(-1)).toMatchObject({ actor: { name: 'temporal', role: 'operator' }, via: 'hopper' });
  });

  it('leaves completed what was completed without the workflow’s knowledge', async () => {
    const { handle, row } = await bench().begin({ tree: AUTO });
    await untilStatus(handle, 'queued');
    await row.behindItsBack({ kind: 'complete', delegationId: row.chain.at(-1)!.id, result: 7 });
    await handle.cancel();
    expect(await resultOf(handle)).toMatchObject({ status: 'completed', failure: null });
    expect(row.task).toMatchObject({ status: 'completed', result: 7 });
  });

  it.each(['before', 'after'] as const)(
    'loses against a completion that is on its way, %s the write',
    async (moment) => {
      const { handle, row } = await bench().begin({ tree: AUTO });
      await untilStatus(handle, 'queued');
      const held = holdNext(row, 'applyCommand', moment);
      const answer = update(handle, 'completeTask', { by: 'ana', delegationId: row.chain.at(-1)?.id });
      await held.reached;
      await handle.cancel();
      held.release();
      expect(await answer).toMatchObject({ verdict: 'done', row: { status: 'completed' } });
      expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
      expect(row.events).not.toContain('task_cancelled');
    },
  );

  it('loses against a completion that came before it and had to wait', async () => {
    const { handle, row } = await bench().begin({ tree: AUTO });
    await untilStatus(handle, 'queued');
    const held = holdNext(row, 'readTask');
    await handle.signal('reread');
    await held.reached;
    await handle.signal('completeTask', { by: 'ana', delegationId: row.chain.at(-1)?.id });
    await handle.cancel();
    held.release();
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
  });

  it('during a step lets the step be written, then cancels', async () => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    const held = holdNext(row, 'applyCommand');
    const answer = update(handle, 'acceptDelegation', { delegationId, by: 'ana' });
    await held.reached;
    await handle.cancel();
    held.release();
    expect(await answer).toMatchObject({ verdict: 'done', row: { status: 'offered' } });
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
    expect(row.events).toEqual(['task_delegated', 'delegation_accepted', 'task_delegated', 'task_cancelled']);
  });
});

describe('cancelTask', () => {
  const bench = useBench();

  it('cancels in any open state, with its reason', async () => {
    const { handle, row, taskId } = await bench().begin();
    await untilOffered(handle, 'billing');
    const answer = await update(handle, 'cancelTask', { by: 'ana', reason: 'sold' });
    expect(answer).toEqual({ verdict: 'done', row: { status: 'cancelled', step: 2, instanceId: 'global' } });
    expect(await resultOf(handle)).toEqual({
      taskId,
      status: 'cancelled',
      failure: { code: 'cancelled', reason: 'sold' },
    });
    expect(row.task.finishedBy).toBe('ana');
  });
});
