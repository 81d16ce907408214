import { describe, expect, it } from '@jest/globals';
import { resultOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { MANUAL, type Tree } from './support/tree.ts';

const ONE_CHOICE: Tree = { ...MANUAL, global: { scope: 'global', offersTo: ['billing'] } };

describe('a task that its only target postponed', () => {
  const bench = useBench();
  const postponed = async () => {
    const begun = await bench().begin({ tree: ONE_CHOICE });
    const delegationId = await untilOffered(begun.handle, 'billing');
    await update(begun.handle, 'rejectDelegation', { delegationId, by: 'ana', reason: 'full', retryable: true });
    return begun;
  };

  it('waits without a worker for the time, then is offered again (rule R8)', async () => {
    const { handle, row } = await postponed();
    expect(row.events).toEqual(['task_delegated', 'delegation_rejected', 'task_postponed']);
    await bench().environment.sleep(50_000);
    expect(row.calls.filter((call) => call.step === 'routeTask')).toHaveLength(2);
    await bench().environment.sleep(15_000);
    await untilOffered(handle, 'billing');
    expect(row.events.at(-1)).toBe('task_delegated');
  });

  it('says what it waits for', async () => {
    const { handle } = await postponed();
    expect(await handle.query('taskState')).toMatchObject({
      status: 'routing',
      waitsFor: 'its next try (somebody is to be asked again later)',
    });
  });

  it('hears commands meanwhile (rule T4)', async () => {
    const { handle } = await postponed();
    await update(handle, 'rerouteTask', { by: 'ana', reason: 'at once' });
    await untilOffered(handle, 'billing');
    await update(handle, 'cancelTask', { by: 'ana' });
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
  });

  it('can be cancelled while it waits', async () => {
    const { handle } = await postponed();
    await untilStatus(handle, 'routing');
    await update(handle, 'cancelTask', { by: 'ana' });
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
  });
});
