import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestHopper, by, startHopper, twoHops, untilStatus } from '../support/hopper.ts';

const LONG_NOTES = '請'.repeat(10_000);

describe('a task survives what a hostile client sends', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper();
  });
  afterAll(() => hopper.stop());

  const queued = async (tags: string[] = twoHops('auto')): Promise<string> => {
    const { task } = await hopper.submit({ tags, estimated_duration: 240 });
    await untilStatus(hopper, task.id, 'queued');
    return task.id;
  };
  const complete = (taskId: string) => hopper.service.tasks.command(taskId, { kind: 'complete' }, by());

  it('signals and updates with ids that can name nothing', async () => {
    const taskId = await queued();
    const handle = hopper.temporal.workflow.getHandle(`task/${taskId}`);
    await handle.signal('acceptDelegation', { delegationId: 'not-a-uuid', by: 'mallory' });
    const args: [unknown] = [{ targetInstanceId: 'nope', by: 'mallory' }];
    expect(await handle.executeUpdate('reassignTask', { args })).toMatchObject({ code: 'instance_not_found' });
    expect(await complete(taskId)).toMatchObject({ status: 'completed' });
  });

  it('more tags than Temporal publishes', async () => {
    const tags = Array.from({ length: 97 }, (_, index) => `${String(index)}-`.padEnd(100, 'ü'));
    const taskId = await queued([...tags, ...twoHops('auto')]);
    expect(await complete(taskId)).toMatchObject({ status: 'completed' });
    expect(await hopper.temporal.workflow.getHandle(`task/${taskId}`).result()).toMatchObject({ status: 'completed' });
  });

  it('a burst of stale signals after a dozen hops with long notes', async () => {
    const taskId = await queued();
    for (let hops = 0; hops < 12; hops += 1) {
      const targetInstanceId = hopper.idOf(hops % 2 === 0 ? 'manual-builds' : 'auto-builds');
      const reassign = { kind: 'reassign', targetInstanceId, delegationType: 'reassign', notes: LONG_NOTES } as const;
      await hopper.service.tasks.command(taskId, reassign, by());
    }
    const { chain } = await hopper.service.tasks.chain(taskId);
    const handle = hopper.temporal.workflow.getHandle(`task/${taskId}`);
    const stale = { delegationId: chain[0]?.id ?? '', by: 'mallory' };
    await Promise.all(Array.from({ length: 300 }, () => handle.signal('acceptDelegation', stale)));
    const cancelled = await hopper.service.tasks.command(taskId, { kind: 'cancel' }, by());
    expect(cancelled.status).toBe('cancelled');
    expect(await handle.result()).toMatchObject({ status: 'cancelled' });
  });
});
