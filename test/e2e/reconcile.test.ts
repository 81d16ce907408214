import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { type Reconciled, reconcileIdOf } from '../../src/domain/reconcile.ts';
import { type TestHopper, by, eventually, startHopper, untilStatus } from '../support/hopper.ts';

const NEVER_MS = 3_600_000;

describe('the repair of the records', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ worker: { rereadEveryMs: NEVER_MS } });
  });
  afterAll(async () => {
    await schedule().delete();
    await hopper.stop();
  });

  const scheduleId = () => reconcileIdOf(hopper.settings.taskQueue);
  const schedule = () => hopper.temporal.schedule.getHandle(scheduleId());
  const taskWorkflow = (taskId: string) => hopper.temporal.workflow.getHandle(`task/${taskId}`);
  const age = (taskId: string) =>
    hopper.sql.query(`UPDATE tasks SET updated_at = now() - interval '6 minutes' WHERE id = $1`, { bind: [taskId] });
  /** Has the schedule begin a run, and waits for its result. */
  const runNow = async (): Promise<Reconciled> => {
    const before = (await schedule().describe()).info.recentActions.length;
    await schedule().trigger();
    const { info } = await eventually(
      () => schedule().describe(),
      (seen) => seen.info.recentActions.length > before,
    );
    const { workflowId } = info.recentActions.at(-1)!.action.workflow;
    return hopper.temporal.workflow.getHandle(workflowId).result() as Promise<Reconciled>;
  };

  it('is scheduled by the first worker, once for all of them, and stays as an operator has set it (rule N1)', async () => {
    await schedule().pause('we look ourselves');
    await hopper.startWorker({ rereadEveryMs: NEVER_MS });
    const described = await schedule().describe();
    expect([described.state.paused, described.policies.overlap]).toEqual([true, ScheduleOverlapPolicy.SKIP]);
    expect(described.spec.intervals).toEqual([expect.objectContaining({ every: 600_000 })]);
    expect(described.action).toMatchObject({
      workflowType: 'reconcileWorkflow',
      taskQueue: hopper.settings.taskQueue,
    });
    await schedule().unpause();
  });

  it('ends a task whose workflow was terminated: its worker is fenced out, its path left (rule N2)', async () => {
    const { task } = await hopper.submit({ tags: ['auto'] });
    const { instanceId } = await untilStatus(hopper, task.id, 'queued');
    const body = { worker_id: 'w1', wait_seconds: 0, subtree: false };
    const claimed = await hopper.service.leases.claim(instanceId, body, by(), new AbortController().signal);
    const { lease, token } = claimed!;
    await taskWorkflow(task.id).terminate('by mistake');
    await eventually(
      async () => {
        const query = `WorkflowId = 'task/${task.id}' AND ExecutionStatus = 'Terminated'`;
        return (await hopper.temporal.workflow.count(query)).count;
      },
      (count) => count === 1,
    );
    expect(await runNow()).toMatchObject({ ended: 0 });
    await age(task.id);
    expect(await runNow()).toMatchObject({ ended: 1, failures: 0 });
    const ended = await hopper.service.tasks.get(task.id);
    expect(ended).toMatchObject({ status: 'failed', finishedBy: 'hopper', failure: { code: 'workflow_closed' } });
    await expect(hopper.service.leases.heartbeat(lease.id, token, {})).rejects.toMatchObject({
      code: 'lease_conflict',
    });
    const { chain } = await hopper.service.tasks.chain(task.id);
    expect(chain.map((each) => each.status)).toEqual(chain.map(() => 'cancelled'));
    expect(await runNow()).toMatchObject({ ended: 0 });
  });

  it('starts the workflow of a task that has none, and leaves alone what is well (rule N1)', async () => {
    const well = await hopper.submit({ tags: ['auto'] });
    await untilStatus(hopper, well.task.id, 'queued');
    const lost = randomUUID();
    await hopper.sql.query(
      `INSERT INTO tasks (id, title, entry_instance_id, instance_id) VALUES ($1, 'lost', $2, $2)`,
      { bind: [lost, hopper.idOf('auto')] },
    );
    await age(well.task.id);
    await age(lost);
    const step = (await hopper.service.tasks.get(well.task.id)).step;
    expect(await runNow()).toMatchObject({ started: 1, ended: 0 });
    await untilStatus(hopper, lost, 'queued');
    expect((await taskWorkflow(lost).describe()).status.name).toBe('RUNNING');
    expect((await hopper.service.tasks.get(well.task.id)).step).toBe(step);
  });
});
