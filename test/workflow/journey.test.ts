import { describe, expect, it } from '@jest/globals';
import { resultOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { AUTO, MANUAL } from './support/tree.ts';

describe('taskWorkflow', () => {
  const bench = useBench();

  it('goes down without waiting where targets accept by themselves, and ends as its completion says', async () => {
    const { handle, row, taskId } = await bench().begin({ tree: AUTO });
    await untilStatus(handle, 'queued');
    const delegationId = row.chain.at(-1)?.id;
    const answer = await update(handle, 'completeTask', { by: 'ana', delegationId, result: { pages: 3 } });

    expect(answer).toEqual({ verdict: 'done', row: { status: 'completed', step: 4, instanceId: 'agents' } });
    expect(await resultOf(handle)).toEqual({ taskId, status: 'completed', failure: null });
    expect(row.task).toMatchObject({ result: { pages: 3 }, finishedBy: 'ana' });
    expect(row.chain.map((hop) => hop.status)).toEqual(['completed', 'completed']);
    expect(row.calls.map((call) => call.step)).toEqual(['routeTask', 'routeTask', 'routeTask', 'applyCommand']);
  });

  it.each(['signal', 'update'] as const)('is accepted, refused and completed by %s', async (way) => {
    const { handle, row } = await bench().begin({ tree: MANUAL });
    const send = (name: string, message: unknown): Promise<unknown> =>
      way === 'signal' ? handle.signal(name, message) : update(handle, name, message);

    await send('acceptDelegation', { delegationId: await untilOffered(handle, 'billing'), by: 'ana', notes: 'ours' });
    const refusal = {
      delegationId: await untilOffered(handle, 'agents'),
      by: 'bo',
      reason: 'no access',
      code: 'skill',
    };
    await send('rejectDelegation', refusal);
    const delegationId = await untilOffered(handle, 'people');
    await send('acceptDelegation', { delegationId, by: { name: 'cy', role: 'worker' } });
    await untilStatus(handle, 'queued');
    await send('completeTask', { delegationId, by: 'cy', result: 'done' });

    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.chain.map((hop) => [hop.targetInstanceId, hop.status, hop.decidedBy, hop.notes])).toEqual([
      ['billing', 'completed', 'ana', 'ours'],
      ['agents', 'rejected', 'bo', 'no access'],
      ['people', 'completed', 'cy', null],
    ]);
    expect(row.commands.map((each) => [each.command.kind, each.actor.role, each.via])).toEqual([
      ['accept', 'operator', way],
      ['reject', 'operator', way],
      ['accept', 'worker', way],
      ['complete', 'operator', way],
    ]);
  });
});
