import { describe, expect, it } from '@jest/globals';
import { type Begun, resultOf, stateOf, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { AUTO } from './support/tree.ts';

describe('leaveInstance', () => {
  const bench = useBench();

  /** As the drain of an instance does it. */
  const leave = ({ handle, row }: Begun, instanceId: string, updateId?: string) => {
    row.stopping.add(instanceId);
    const message = { by: 'hopper', instanceId, reason: `${instanceId} is stopping` };
    return update(handle, 'leaveInstance', message, updateId);
  };

  it('withdraws the offer to an instance that stops, and another one gets it (rule I4)', async () => {
    const task = await bench().begin();
    await untilOffered(task.handle, 'billing');
    expect(await leave(task, 'billing')).toMatchObject({ verdict: 'done' });
    await untilOffered(task.handle, 'shipping');
    expect(task.row.events).toEqual(['task_delegated', 'delegation_withdrawn', 'task_delegated']);
    expect(task.row.task.exclusions).toEqual([{ instanceId: 'billing', why: 'stopped' }]);
  });

  it('holds a task where it entered when that stops, and a person moves it on (rule I4)', async () => {
    const task = await bench().begin();
    await untilOffered(task.handle, 'billing');
    await leave(task, 'global');
    const { waitsFor } = await untilStatus(task.handle, 'blocked');
    expect(waitsFor).toBe('a person to reroute it (global is stopping)');
    task.row.stopping.clear();
    await update(task.handle, 'rerouteTask', { by: 'ana' });
    await untilOffered(task.handle, 'billing');
  });

  it('lets a queued task climb, once, however often it is said (rule I4)', async () => {
    const task = await bench().begin();
    for (const to of ['billing', 'agents'])
      await update(task.handle, 'acceptDelegation', { delegationId: await untilOffered(task.handle, to), by: 'ana' });
    await untilStatus(task.handle, 'queued');
    const answers = [
      await leave(task, 'agents', 'pass 1'),
      await leave(task, 'agents', 'pass 1'),
      await leave(task, 'agents', 'pass 2'),
    ];
    expect(answers.map(({ verdict }) => verdict)).toEqual(['done', 'done', 'done']);
    expect(task.row.events.filter((type) => type === 'task_escalated')).toHaveLength(1);
    await untilOffered(task.handle, 'people');
  });

  it('is a conflict while the instance runs, and the task stays', async () => {
    const { handle } = await bench().begin({ tree: AUTO });
    const { step } = await untilStatus(handle, 'queued');
    const message = { by: 'eve', instanceId: 'agents', reason: 'mischief', force: true };
    expect(await update(handle, 'leaveInstance', message)).toMatchObject({
      verdict: 'conflict',
      code: 'target_not_allowed',
      detail: 'agents is running: nothing has to leave it before it stops',
    });
    expect(await stateOf(handle)).toMatchObject({ status: 'queued', step });
  });

  it('changes nothing for a task that is over', async () => {
    const task = await bench().begin({ tree: AUTO });
    await untilStatus(task.handle, 'queued');
    await update(task.handle, 'cancelTask', { by: 'ana' });
    expect(await resultOf(task.handle)).toMatchObject({ status: 'cancelled' });
    await expect(leave(task, 'agents')).rejects.toThrow(/already completed|not found/);
  });

  it('refuses a message that is malformed, with every problem', async () => {
    const { handle } = await bench().begin();
    const message = { by: '', instanceId: 7, force: 'yes' };
    await expect(update(handle, 'leaveInstance', message)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/by: .*instanceId: must be text; reason: is missing; force: must be/) },
    });
  });
});
