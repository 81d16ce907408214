import { describe, expect, it } from '@jest/globals';
import type { temporal } from '@temporalio/proto';
import type { DrainState } from '../../workflows/messages.ts';
import { type DrainHandle, useBench } from './support/bench.ts';
import { FIRST_START_MS, forgetfulServer } from './support/dev-server.ts';
import type { FakeDrain } from './support/fake-drain.ts';
import { eventNames } from './support/history.ts';
import { until } from './support/until.ts';

const untilPasses = (drain: FakeDrain, count: number): Promise<number> =>
  until(
    () => drain.passes.length,
    (seen) => seen >= count,
  );
const untilState = (handle: DrainHandle, holds: (state: DrainState) => boolean): Promise<DrainState> =>
  until(() => handle.query<DrainState>('drainState'), holds);

describe('drainWorkflow', () => {
  const bench = useBench();

  it('ends with the instance stopped when nothing is left, in one pass and without a timer (rule I5)', async () => {
    const { drain, handle } = await bench().beginDrain([0]);
    expect(await handle.result()).toEqual({ instanceId: handle.workflowId.slice('drain/'.length), status: 'stopped' });
    expect([drain.status, drain.passes.length]).toEqual(['stopped', 1]);
    expect(eventNames(await handle.fetchHistory())).not.toContain('TIMER_STARTED');
  });

  it('looks again after 1, 2, 4, 8, 16, 30 and then 60 seconds for as long as tasks are left', async () => {
    const { drain, handle } = await bench().beginDrain([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    await handle.result();
    const times = drain.passes.map(({ at }) => at.getTime());
    const waits = times.slice(1).map((time, index) => Math.floor((time - times[index]!) / 1_000));
    [1, 2, 4, 8, 16, 30, 60, 60].forEach((least, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(least);
    });
    expect(waits).toHaveLength(8);
  });

  it('gives each pass an id of its own, and one that runs again the same', async () => {
    const { drain, handle } = await bench().beginDrain([1, 0]);
    let failures = 2;
    drain.around = (proceed) => (failures-- > 0 ? Promise.reject(new Error('the database is away')) : proceed());
    await handle.result();
    const ids = drain.passes.map(({ pass }) => pass);
    const run = handle.firstExecutionRunId;
    expect(ids).toEqual([`${run}/1`, `${run}/1`, `${run}/1`, `${run}/2`]);
  });

  it('goes on when something came before it could be stopped under its lock (rule I5)', async () => {
    const { drain, handle } = await bench().beginDrain([0, 0]);
    drain.surprises = 1;
    expect(await handle.result()).toMatchObject({ status: 'stopped' });
    expect(drain.passes).toHaveLength(2);
  });

  it('looks again at once when it is told that the instance stops', async () => {
    const { drain, handle } = await bench().beginDrain([1, 1, 1, 1, 1, 1, 1, 0]);
    await bench().environment.sleep('65 seconds');
    await untilPasses(drain, 7); // the next one is a minute away
    await untilState(handle, ({ passes }) => passes === 7);
    await handle.signal('reread');
    await untilPasses(drain, 8);
    expect(await handle.result()).toMatchObject({ status: 'stopped' });
  });

  it('looks once more if the instance is stopped again while it ends', async () => {
    const { drain, handle } = await bench().beginDrain([0, 4, 0]);
    drain.onStopped = async () => {
      drain.onStopped = () => Promise.resolve();
      drain.status = 'stopping'; // started and stopped again, all within the last step
      await handle.signal('reread');
    };
    expect(await handle.result()).toMatchObject({ status: 'stopped' });
    expect(drain.passes).toHaveLength(3);
  });

  it.each(['running', 'stopped', 'terminated'] as const)(
    'has nothing to do for an instance that is %s',
    async (status) => {
      const { drain, handle } = await bench().beginDrain([5]);
      drain.status = status;
      expect(await handle.result()).toMatchObject({ status });
    },
  );

  it('has nothing to do for an instance that does not exist', async () => {
    const { handle } = await bench().beginDrain(null);
    expect(await handle.result()).toMatchObject({ status: null });
  });

  it('says who forces the stop', async () => {
    const { drain, handle } = await bench().beginDrain([1, 0]);
    drain.forcedBy = 'otto';
    await untilState(handle, ({ passes }) => passes === 1);
    await until(
      () => handle.query<temporal.api.sdk.v1.IWorkflowMetadata>('__temporal_workflow_metadata'),
      ({ currentDetails }) => currentDetails?.startsWith('**stopping** agents, forced by otto: 1 open') === true,
    );
    await handle.result();
    expect(drain.passes).toHaveLength(2);
  });

  it('says how many tasks are left, of which status, and what it does', async () => {
    const { drain, handle } = await bench().beginDrain([12, 0]);
    const state = await untilState(handle, ({ passes, left }) => passes === 1 && left.length > 0);
    expect(state).toMatchObject({ status: 'stopping', left: [{ status: 'in_progress', count: 12 }] });
    const { currentDetails, definition } =
      await handle.query<temporal.api.sdk.v1.IWorkflowMetadata>('__temporal_workflow_metadata');
    expect(currentDetails?.split('\n').slice(0, 5)).toEqual([
      '**stopping** agents: 12 open tasks have to leave it, looked at 1 time',
      '',
      '| status | tasks |',
      '| --- | --- |',
      '| in_progress | 12 |',
    ]);
    const described = [...(definition?.signalDefinitions ?? []), ...(definition?.queryDefinitions ?? [])];
    for (const each of described.filter(({ name }) => name?.startsWith('__') === false))
      expect(each.description).toMatch(/\w+/);
    await handle.result();
    expect(drain.passes).toHaveLength(2);
  });
});

describe('a drain whose history has grown long', () => {
  const bench = useBench({ environment: () => forgetfulServer(30), startWithinMs: FIRST_START_MS });

  it('goes on in a new run, with ids that no earlier pass had', async () => {
    const { drain, handle } = await bench().beginDrain(Array.from({ length: 100 }, () => 1));
    for (let passes = 1; (await handle.describe()).runId === handle.firstExecutionRunId; passes += 1) {
      await handle.signal('reread');
      await untilPasses(drain, passes);
    }
    drain.around = () => Promise.resolve({ instance: { name: 'agents', status: 'stopping' }, left: [] });
    await bench().environment.client.workflow.getHandle(handle.workflowId).signal('reread');
    expect(await handle.result()).toMatchObject({ status: 'stopped' });
    const first = drain.passes.filter(({ pass }) => pass.startsWith(handle.firstExecutionRunId));
    expect(first.length).toBeLessThan(drain.passes.length);
    expect(new Set(drain.passes.map(({ pass }) => pass)).size).toBe(drain.passes.length);
  });
});
