import { describe, expect, it } from '@jest/globals';
import { resultOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { holdNext } from './support/gate.ts';
import { AUTO } from './support/tree.ts';

describe('a command', () => {
  const bench = useBench();

  it('whose step has moved is judged anew, with the new step and under the same id', async () => {
    const { handle, row } = await bench().begin();
    await untilOffered(handle, 'billing');
    const held = holdNext(row, 'applyCommand');
    const answer = update(handle, 'cancelTask', { by: 'ana' }, 'request-1');
    await held.reached;
    await row.behindItsBack({ kind: 'reroute' });
    held.release();
    expect(await answer).toEqual({ verdict: 'done', row: { status: 'cancelled', step: 4, instanceId: 'global' } });
    expect(row.commands.map((each) => [each.commandId, each.expectedStep])).toEqual([
      ['update/request-1', 1],
      ['update/request-1', 3],
    ]);
  });

  it('that is no longer possible after the step has moved is refused, and the new offer is adopted', async () => {
    const { handle, row } = await bench().begin();
    const withdrawn = await untilOffered(handle, 'billing');
    const held = holdNext(row, 'applyCommand');
    const answer = update(handle, 'acceptDelegation', { delegationId: withdrawn, by: 'ana' });
    await held.reached;
    await row.behindItsBack({ kind: 'reassign', targetInstanceId: 'shipping', delegationType: 'reassign' });
    held.release();
    expect(await answer).toMatchObject({ verdict: 'conflict', detail: 'delegation is cancelled, by hopper' });
    await untilOffered(handle, 'shipping');
  });

  it('whose answer is lost on the way is not written twice', async () => {
    const { handle, row } = await bench().begin({ tree: AUTO });
    await untilStatus(handle, 'queued');
    let isLost = false;
    row.around = async (call, proceed) => {
      const result = await proceed();
      if (call.step !== 'applyCommand' || isLost) return result;
      isLost = true;
      throw new Error('the connection is gone');
    };
    const delegationId = row.chain.at(-1)?.id;
    expect(await update(handle, 'completeTask', { by: 'ana', delegationId })).toMatchObject({ verdict: 'done' });
    const [first, second] = row.commands;
    expect(second).toEqual(first);
    expect(row.events.filter((event) => event === 'task_completed')).toHaveLength(1);
  });

  it('given twice under one update id runs once and gets the same answer', async () => {
    const { handle, row } = await bench().begin();
    const message = { delegationId: await untilOffered(handle, 'billing'), by: 'ana' };
    const [first, second] = await Promise.all([
      update(handle, 'acceptDelegation', message, 'request-2'),
      update(handle, 'acceptDelegation', message, 'request-2'),
    ]);
    const third = await update(handle, 'acceptDelegation', message, 'request-2');
    expect([second, third]).toEqual([first, first]);
    expect(row.commands).toHaveLength(1);
  });

  it('is answered under its update id even after the workflow has ended', async () => {
    const { handle, row } = await bench().begin();
    await untilOffered(handle, 'billing');
    const first = await update(handle, 'cancelTask', { by: 'ana' }, 'request-3');
    await resultOf(handle);
    expect(await update(handle, 'cancelTask', { by: 'ana' }, 'request-3')).toEqual(first);
    expect(row.commands).toHaveLength(1);
  });

  it('by signal keeps its id when it is run again among others that came meanwhile, and each leaves its trace', async () => {
    let held = { reached: Promise.resolve(), release: (): void => undefined };
    const { handle, row } = await bench().begin({
      tree: AUTO,
      arrange: (arranged) => {
        held = holdNext(arranged, 'applyCommand', 'after');
      },
      signal: ({ taskId }) => ({
        name: 'completeTask',
        message: { delegationId: `${taskId}/decide/1`, by: 'ana' },
      }),
    });
    await held.reached;
    // The workflow may not end before it has heard of this, and its first task begins anew with both.
    await handle.signal('acceptDelegation', { delegationId: `${row.taskId}/decide/1`, by: 'late' });
    held.release();
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.events.filter((event) => event === 'decision_ignored')).toHaveLength(1);
    const idsOf = (name: string) =>
      row.commands.filter(({ actor }) => actor.name === name).map((each) => each.commandId);
    expect(new Set(idsOf('ana')).size).toBe(1);
    expect(idsOf('ana')).not.toContain(idsOf('late')[0]);
  });

  it('has an id that says where it came from', async () => {
    const { handle, row } = await bench().begin();
    const first = await untilOffered(handle, 'billing');
    await handle.signal('acceptDelegation', { delegationId: first, by: 'ana' });
    await handle.signal('acceptDelegation', { delegationId: first, by: 'bo' });
    const second = await untilOffered(handle, 'agents');
    await update(handle, 'rejectDelegation', { delegationId: second, by: 'bo', reason: 'full' }, 'request-4');
    await untilOffered(handle, 'people');
    await handle.cancel();
    await resultOf(handle);
    const run = handle.firstExecutionRunId;
    const ids = [
      `signal/${run}/acceptDelegation/1`,
      `signal/${run}/acceptDelegation/2`,
      'update/request-4',
      `cancel/${run}`,
    ];
    expect(row.commands.map((each) => each.commandId)).toEqual(ids);
  });
});

describe('a decision', () => {
  const bench = useBench();

  it('whose step has moved is not made: the workflow goes on from the row', async () => {
    const { handle, row } = await bench().begin();
    const first = await untilOffered(handle, 'billing');
    const held = holdNext(row, 'routeTask');
    await handle.signal('acceptDelegation', { delegationId: first, by: 'ana' });
    await held.reached;
    await row.behindItsBack({ kind: 'cancel', reason: 'too late' });
    held.release();
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled', failure: { reason: 'too late' } });
  });

  it('whose answer is lost on the way is not made twice', async () => {
    let losses = 0;
    const { handle, row } = await bench().begin({
      tree: AUTO,
      arrange: (arranged) => {
        arranged.around = async (_call, proceed) => {
          const result = await proceed();
          losses += 1;
          if (losses % 2 === 1) throw new Error('the connection is gone');
          return result;
        };
      },
    });
    await untilStatus(handle, 'queued');
    expect(row.events).toEqual(['task_delegated', 'task_delegated', 'task_queued']);
    expect(row.calls).toHaveLength(6);
  });
});
