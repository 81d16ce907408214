import { describe, expect, it } from '@jest/globals';
import type { temporal } from '@temporalio/proto';
import { RECONCILE_FROM } from '../../src/domain/reconcile.ts';
import { useBench } from './support/bench.ts';
import { FIRST_START_MS, forgetfulServer } from './support/dev-server.ts';
import { until } from './support/until.ts';

describe('reconcileWorkflow', () => {
  const bench = useBench();

  it('goes from page to page, with what was done so far, and answers with the sum (rule N1)', async () => {
    const { records, handle } = await bench().beginReconcile(3);
    expect(await handle.result()).toEqual({ ...RECONCILE_FROM.done, tasks: 3_000, started: 3 });
    expect(records.asked.map(({ next }) => next?.after)).toEqual([RECONCILE_FROM.next?.after, '1', '2']);
    expect(records.asked.map(({ done }) => done.started)).toEqual([0, 1, 2]);
  });

  it('does a page again that failed, and shows how far it is', async () => {
    const { records, handle } = await bench().beginReconcile(2);
    let failures = 2;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    records.around = async (proceed) => {
      if (failures-- > 0) throw new Error('the database is away');
      if (records.asked.length > 3) await held;
      return proceed();
    };
    const shown = async (): Promise<string> => {
      const metadata = await handle.query<temporal.api.sdk.v1.IWorkflowMetadata>('__temporal_workflow_metadata');
      return metadata.currentDetails ?? '';
    };
    await until(shown, (details) => details.includes('| workflows started again | 1 |'));
    expect(await shown()).toContain('Looks through the tasks.');
    release();
    expect(await handle.result()).toMatchObject({ started: 2 });
    expect(records.asked.map(({ next }) => next?.after)).toEqual([
      ...Array<string>(3).fill(RECONCILE_FROM.next!.after),
      '1',
    ]);
    expect(await shown()).toContain('**Done.**');
  });
});

describe('a look through very many records', () => {
  const bench = useBench({ environment: () => forgetfulServer(30), startWithinMs: FIRST_START_MS });

  it('goes on in a new run where it was, and forgets nothing (law 6)', async () => {
    const { records, handle } = await bench().beginReconcile(40);
    expect(await handle.result()).toMatchObject({ tasks: 40_000, started: 40 });
    expect(new Set(records.asked.map(({ next }) => next?.after)).size).toBe(40);
    const { runId } = await bench().environment.client.workflow.getHandle(handle.workflowId).describe();
    expect(runId).not.toBe(handle.firstExecutionRunId);
  });
});
