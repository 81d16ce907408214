import { describe, expect, it } from '@jest/globals';
import { resultOf, stateOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { holdNext } from './support/gate.ts';

describe('commands', () => {
  const bench = useBench();

  it('are carried out one at a time and in the order in which they came', async () => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    const held = holdNext(row, 'readTask');
    await handle.signal('reread');
    await held.reached;
    const reasons = Array.from({ length: 12 }, (_, index) => `signal ${String(index)}`);
    for (const reason of reasons) await handle.signal('rejectDelegation', { delegationId, by: 'ana', reason });
    const updates = Array.from({ length: 8 }, (_, index) =>
      update(handle, 'rejectDelegation', { delegationId, by: 'bo', reason: `update ${String(index)}` }),
    );
    held.release();

    const answers = await Promise.all(updates);
    expect(answers.map((answer) => answer.verdict)).toEqual(updates.map(() => 'conflict'));
    const carriedOut = row.commands.map(({ command }) => (command.kind === 'reject' ? command.reason : command.kind));
    expect(carriedOut.slice(0, 12)).toEqual(reasons);
    expect(carriedOut.slice(12).toSorted()).toEqual(updates.map((_, index) => `update ${String(index)}`));
    expect(row.mostAtOnce).toBe(1);
    expect(row.chain[0]).toMatchObject({ status: 'rejected', decidedBy: 'ana', notes: 'signal 0' });
  });

  it('that cannot be carried out are answered with a value that says why', async () => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    await update(handle, 'acceptDelegation', { delegationId, by: 'ana' });
    expect(await update(handle, 'rejectDelegation', { delegationId, by: 'bo', reason: 'mine' })).toMatchObject({
      verdict: 'conflict',
      code: 'delegation_conflict',
      detail: 'delegation is accepted, by ana',
      row: { status: 'offered' },
    });
    expect(await update(handle, 'completeTask', { by: 'ana' })).toMatchObject({ code: 'task_conflict' });
    expect(row.events).not.toContain('decision_ignored');
    expect(await stateOf(handle)).toMatchObject({ status: 'offered' });
  });

  it('may name a delegation that the workflow does not know: memory may be behind the row', async () => {
    const { handle, row } = await bench().begin();
    await untilOffered(handle, 'billing');
    await row.behindItsBack({ kind: 'reroute' });
    const unheardOf = row.chain.at(-1)!.id;
    expect(await update(handle, 'acceptDelegation', { delegationId: unheardOf, by: 'ana' })).toMatchObject({
      verdict: 'done',
    });
    expect(await update(handle, 'acceptDelegation', { delegationId: 'nobody’s', by: 'ana' })).toMatchObject({
      verdict: 'conflict',
      code: 'delegation_not_found',
      detail: 'no delegation nobody’s of this task',
    });
  });

  it('by signal that come too late leave a trace, and the task goes on', async () => {
    const { handle, row } = await bench().begin();
    const first = await untilOffered(handle, 'billing');
    await handle.signal('acceptDelegation', { delegationId: first, by: 'ana' });
    const second = await untilOffered(handle, 'agents');
    await handle.signal('acceptDelegation', { delegationId: first, by: 'late' });
    await handle.signal('acceptDelegation', { delegationId: second, by: 'bo' });
    await untilStatus(handle, 'queued');
    expect(row.commands.map((each) => [each.actor.name, each.via])).toEqual([
      ['ana', 'signal'],
      ['late', 'signal'],
      ['bo', 'signal'],
    ]);
    expect(row.events.filter((event) => event === 'decision_ignored')).toHaveLength(1);
    await handle.signal('completeTask', { delegationId: second, by: 'bo' });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
  });
});
