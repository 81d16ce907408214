import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestHopper, by, startHopper, twoHops, untilStatus } from '../support/hopper.ts';

describe('an audit', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper();
  });
  afterAll(() => hopper.stop());

  const queued = async () => {
    const { task } = await hopper.submit({ tags: twoHops('auto'), metadata: { subtasks: ['a', 'b'] } });
    await untilStatus(hopper, task.id, 'queued');
    return task.id;
  };
  /** As if it had stood so for a day; no trigger stops a hand. */
  const alter = (what: string, taskId: string) =>
    hopper.sql.transaction(async (transaction) => {
      await hopper.sql.query("SET LOCAL session_replication_role = 'replica'", { transaction });
      await hopper.sql.query(`UPDATE tasks SET ${what}, updated_at = now() - interval '1 day' WHERE id = $1`, {
        bind: [taskId],
        transaction,
      });
    });
  const workflowFindings = async () =>
    (await hopper.service.audit.run()).findings.filter((each) => each.check === 'workflows');

  it('finds nothing while Hopper works as it should', async () => {
    const taskId = await queued();
    await hopper.service.tasks.command(taskId, { kind: 'complete', result: 1 }, by());
    expect(await hopper.service.audit.run()).toMatchObject({ tasks: 1, findings: [] });
  });

  it('finds an open task whose workflow was terminated', async () => {
    const taskId = await queued();
    await hopper.temporal.workflow.getHandle(`task/${taskId}`).terminate();
    await alter('step = step', taskId);
    expect(await workflowFindings()).toEqual([
      { check: 'workflows', taskId, instanceId: null, detail: 'is queued, and has no open workflow' },
    ]);
  });

  it('finds a final task whose workflow is open', async () => {
    const taskId = await queued();
    await alter("status = 'completed', finished_at = now() - interval '1 day'", taskId);
    expect(await workflowFindings()).toContainEqual({
      check: 'workflows',
      taskId,
      instanceId: null,
      detail: 'is completed, and its workflow is open',
    });
  });
});
