import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { type TestHopper, by, startHopper, twoHops, untilStatus } from '../support/hopper.ts';

describe('the life of a task', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper();
  });
  afterAll(() => hopper.stop());

  it('goes down two levels by itself, is completed, and its completion bubbles back up', async () => {
    const { task } = await hopper.submit({ tags: twoHops('auto'), estimated_duration: 240 });
    const queued = await untilStatus(hopper, task.id, 'queued');
    expect(queued.instanceId).toBe(hopper.idOf('auto-builds'));

    const done = await hopper.service.tasks.command(task.id, { kind: 'complete', result: { ok: true } }, by());
    expect(done).toMatchObject({ status: 'completed', result: { ok: true }, finishedBy: 'admin' });

    const { chain, originInstanceId, currentInstanceId } = await hopper.service.tasks.chain(task.id);
    expect(chain.map((link) => [link.sourceInstance.name, link.targetInstance.name, link.status])).toEqual([
      ['global', 'auto', 'completed'],
      ['auto', 'auto-builds', 'completed'],
    ]);
    expect([originInstanceId, currentInstanceId]).toEqual([hopper.idOf('global'), hopper.idOf('auto-builds')]);
    const events = await hopper.service.tasks.events(task.id);
    expect(events.map((event) => event.type)).toEqual([
      'task_submitted',
      'task_delegated',
      'task_delegated',
      'task_queued',
      'task_completed',
    ]);
    expect(events.at(-1)?.data['bubble']).toEqual([
      { instance_id: hopper.idOf('auto-builds'), reports_to: hopper.idOf('auto') },
      { instance_id: hopper.idOf('auto'), reports_to: hopper.idOf('global') },
    ]);
  });

  it('costs at most 16 history events when it accepts by itself and is completed', async () => {
    const { task } = await hopper.submit({ tags: twoHops('auto'), estimated_duration: 240 });
    await untilStatus(hopper, task.id, 'queued');
    await hopper.service.tasks.command(task.id, { kind: 'complete' }, by());
    const handle = hopper.temporal.workflow.getHandle(`task/${task.id}`);
    await handle.result();
    const { events } = await handle.fetchHistory();
    expect((events ?? []).map((event) => event.eventType)).toHaveLength(16);
  });

  it('costs one database commit a hop when it accepts by itself, two when a person accepts', async () => {
    const commits = async (taskId: string): Promise<number> => {
      const sql = `SELECT count(DISTINCT xmin::text)::int AS commits FROM (
        SELECT xmin FROM task_events WHERE task_id = $1 AND type <> 'task_submitted'
        UNION ALL SELECT xmin FROM task_delegations WHERE task_id = $1
        UNION ALL SELECT xmin FROM routing_decisions WHERE task_id = $1) AS written`;
      const [row] = await hopper.sql.query<{ commits: number }>(sql, { bind: [taskId], type: QueryTypes.SELECT });
      return row?.commits ?? 0;
    };
    const automatic = await hopper.submit({ tags: twoHops('auto'), estimated_duration: 240 });
    await untilStatus(hopper, automatic.task.id, 'queued');
    expect(await commits(automatic.task.id)).toBe(3); // two hops, and the queue's own decision

    const manual = await hopper.submit({ tags: ['manual'] });
    await untilStatus(hopper, manual.task.id, 'offered');
    const { chain } = await hopper.service.tasks.chain(manual.task.id);
    await hopper.service.delegations.accept(chain.at(-1)?.id ?? '', null, by());
    await untilStatus(hopper, manual.task.id, 'queued');
    expect(await commits(manual.task.id)).toBe(3); // offer, acceptance, and the decision to do it there
  });
});
