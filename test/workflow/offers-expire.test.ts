import { describe, expect, it } from '@jest/globals';
import { resultOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { MANUAL, type Tree } from './support/tree.ts';

const DAY_SECONDS = 86_400;

const patient = (timeoutSeconds: number): Tree => ({
  ...MANUAL,
  billing: { ...MANUAL['billing']!, timeoutSeconds },
  shipping: { scope: 'project', acceptance: 'auto' },
});

describe('an offer that nobody answers', () => {
  const bench = useBench();

  it.each([
    ['900 seconds', 900],
    ['30 days', 30 * DAY_SECONDS],
  ])('expires after %s, and the task is offered to somebody else', async (_words, timeoutSeconds) => {
    const { handle, row } = await bench().begin({ tree: patient(timeoutSeconds) });
    const delegationId = await untilOffered(handle, 'billing');
    const offeredAt = row.chain[0]!.delegatedAt.getTime();

    await bench().environment.sleep((timeoutSeconds - 60) * 1_000);
    expect(row.events).toEqual(['task_delegated']);
    await bench().environment.sleep(70_000);
    await untilStatus(handle, 'queued');

    expect(row.chain.map((hop) => [hop.targetInstanceId, hop.status])).toEqual([
      ['billing', 'expired'],
      ['shipping', 'accepted'],
    ]);
    expect(row.task.exclusions).toEqual([{ instanceId: 'billing', why: 'expired' }]);
    expect(row.chain[1]!.delegatedAt.getTime() - offeredAt).toBeGreaterThanOrEqual(timeoutSeconds * 1_000);
    expect(row.commands.map((each) => [each.commandId, each.via])).toEqual([[`expire/${delegationId}`, 'hopper']]);
  });

  it('ends the task as rejected when nobody is left', async () => {
    const { handle, row } = await bench().begin();
    expect(await resultOf(handle)).toMatchObject({ status: 'rejected', failure: { code: 'unroutable' } });
    expect(row.chain.map((hop) => hop.status)).toEqual(['expired', 'expired']);
  });

  it('is waited for again when the row says that it is not yet time', async () => {
    const { handle, row } = await bench().begin({ tree: patient(900) });
    await untilOffered(handle, 'billing');
    row.lagMs = 120_000;
    await bench().environment.sleep(910_000);
    await row.untilCommands(1);
    expect(row.events).toEqual(['task_delegated']);
    await bench().environment.sleep(130_000);
    await untilStatus(handle, 'queued');
    const [first, second] = row.commands;
    expect(second).toEqual(first);
    expect(row.events).toEqual(['task_delegated', 'delegation_expired', 'task_delegated', 'task_queued']);
  });

  it('does not expire once it is accepted, and the next offer has its whole time', async () => {
    const { handle, row } = await bench().begin();
    const first = await untilOffered(handle, 'billing');
    await bench().environment.sleep(800_000);
    await update(handle, 'acceptDelegation', { delegationId: first, by: 'ana' });
    const second = await untilOffered(handle, 'agents');
    await bench().environment.sleep(800_000);
    expect(row.chain.map((hop) => hop.status)).toEqual(['accepted', 'pending']);
    await update(handle, 'acceptDelegation', { delegationId: second, by: 'bo' });
    await update(handle, 'completeTask', { delegationId: second, by: 'bo' });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.events).not.toContain('delegation_expired');
  });
});
