import { describe, expect, it } from '@jest/globals';
import { type TaskHandle, resultOf, stateOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import type { FakeRow } from './support/fake-row.ts';
import { eventNames } from './support/history.ts';
import { AUTO } from './support/tree.ts';
import { until } from './support/until.ts';

describe('while the database is away', () => {
  const bench = useBench();

  it('a step is tried again until it works, and nothing fails', async () => {
    const outage = { isOver: false };
    const { handle, row } = await bench().begin({
      tree: AUTO,
      arrange: (arranged) => {
        breakDown(arranged, outage);
      },
    });
    await untilTimer(handle);
    expect(await stateOf(handle)).toMatchObject({ status: 'routing', step: 0, waitsFor: 'its first decision' });

    const answer = update(handle, 'cancelTask', { by: 'ana' });
    outage.isOver = true;
    await bench().environment.sleep(70_000);
    expect(await answer).toMatchObject({ verdict: 'done' });
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
    expect(row.events.at(-1)).toBe('task_cancelled');
    const names = eventNames(await handle.fetchHistory());
    expect(names.filter((name) => /FAILED|TIMED_OUT/.test(name))).toEqual([]);
  });

  it('a cancellation waits with the rest, and is written when it is back', async () => {
    const outage = { isOver: false };
    const { handle, row } = await bench().begin({
      arrange: (arranged) => {
        breakDown(arranged, outage);
      },
    });
    await untilTimer(handle);
    await handle.cancel();
    outage.isOver = true;
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled', failure: { reason: 'cancelled in Temporal' } });
    expect(row.task.finishedBy).toBe('temporal');
  });

  it('what a person decides is not lost, and comes once', async () => {
    const { handle, row } = await bench().begin();
    const delegationId = await untilOffered(handle, 'billing');
    let failures = 3;
    row.around = (call, proceed) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error(`${call.step}: the database is away`)) : proceed();
    };
    expect(await update(handle, 'acceptDelegation', { delegationId, by: 'ana' })).toMatchObject({ verdict: 'done' });
    await untilOffered(handle, 'agents');
    expect(row.commands).toHaveLength(4);
    expect(row.events).toEqual(['task_delegated', 'delegation_accepted', 'task_delegated']);
    await untilStatus(handle, 'offered');
  });
});

function breakDown(row: FakeRow, outage: { readonly isOver: boolean }): void {
  row.around = (_call, proceed) => (outage.isOver ? proceed() : Promise.reject(new Error('the database is away')));
}

/** An outage that lasts becomes a timer in the history; until then the retries are the worker's own. */
async function untilTimer(handle: TaskHandle): Promise<void> {
  await until(
    async () => eventNames(await handle.fetchHistory()),
    (names) => names.includes('TIMER_STARTED'),
  );
}
