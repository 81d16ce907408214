import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { INSTANCE_STATUSES } from '../../src/domain/instance.ts';
import { InstanceCreate } from '../../src/domain/instance.schema.ts';
import { HOPPER } from '../../src/domain/actor.ts';
import { createMoveInstance } from '../../src/use-cases/change-instance.ts';
import { createCreateInstance } from '../../src/use-cases/create-instance.ts';
import { createDeleteInstance } from '../../src/use-cases/delete-instance.ts';
import { createFinishDrain } from '../../src/use-cases/finish-drain.ts';
import { anActor } from '../support/builders.ts';
import { aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const ana = anActor('ana');
const GONE = ['created', 'stopped', 'error', 'terminated'];

const remove = (id: string, force = false) => createDeleteInstance(bench())(id, ana, { force });
const finish = (instanceId: string) => createFinishDrain(bench())({ instanceId });
const eventsOf = async (id: string) =>
  (await bench().reads.eventsOfInstance(id)).map(({ type, actor, data }) => [type, actor.name, data]);
const setStatus = (id: string, status: string) =>
  bench().database.query('UPDATE hopper_instances SET status = $2::instancestatus WHERE id = $1', {
    bind: [id, status],
  });

describe('createDeleteInstance', () => {
  it.each(INSTANCE_STATUSES)(
    'terminates what is not live, stops what is; an instance that is %s (rule I6)',
    async (status) => {
      const { id, name } = await plant(bench(), { status });
      if (GONE.includes(status)) expect((await remove(id)).status).toBe('terminated');
      else if (status === 'starting')
        await expect(remove(id)).rejects.toMatchObject({
          code: 'instance_conflict',
          message: `${name} is starting: it cannot be deleted now`,
        });
      else expect((await remove(id)).status).toBe('stopping');
    },
  );

  it('of a live one is ordered once, by whom is on record, and carried out when it is stopped (rule I6)', async () => {
    const { id } = await plant(bench());
    await createMoveInstance(bench())(id, 'stop', HOPPER);
    await remove(id);
    await remove(id, true);
    await remove(id);
    expect((await finish(id)).instance?.status).toBe('terminated');
    expect((await eventsOf(id)).slice(1)).toEqual([
      ['instance_stopping', 'hopper', { from: 'running', to: 'stopping' }],
      ['instance_delete_asked', 'ana', {}],
      ['instance_stop_forced', 'ana', {}],
      ['instance_stopped', 'hopper', { from: 'stopping', to: 'stopped' }],
      ['instance_terminated', 'hopper', { from: 'stopped', to: 'terminated' }],
    ]);
  });

  it('of a live one leaves it stopped, and says why, if a task is held there then (rule I6)', async () => {
    const { id, name } = await plant(bench());
    await remove(id, true);
    await bench().database.query(
      `INSERT INTO tasks (id, title, status, blocked_on, entry_instance_id, instance_id)
      VALUES (gen_random_uuid(), 'held', 'blocked', 'held', $1, $1)`,
      { bind: [id] },
    );
    expect((await finish(id)).instance?.status).toBe('stopped');
    expect((await eventsOf(id)).slice(1)).toEqual([
      ['instance_stopping', 'ana', { from: 'running', to: 'stopping', force: true, delete: true }],
      ['instance_stopped', 'hopper', { from: 'stopping', to: 'stopped' }],
      ['instance_kept', 'hopper', { reason: expect.stringContaining(`${name} has 1 open task`) }],
    ]);
    await createMoveInstance(bench())(id, 'start', HOPPER);
    await createMoveInstance(bench())(id, 'stop', HOPPER);
    expect((await finish(id)).instance?.status).toBe('stopped');
    expect(await bench().repositories.instances.stopOrders(null, id)).toEqual({ forcedBy: null, deletedBy: null });
  });

  it('is on record once, keeps the row, and answers a repeat with it (rule I6)', async () => {
    const { id } = await plant(bench(), { status: 'stopped' });
    const [first, second] = await Promise.all([remove(id), remove(id)]);
    expect(first).toEqual(second);
    expect(await bench().repositories.instances.get(null, id)).toEqual(first);
    const events = await bench().reads.eventsOfInstance(id);
    expect(events).toMatchObject([
      { type: 'instance_created' },
      { type: 'instance_terminated', actor: { name: 'ana' }, data: { from: 'stopped', to: 'terminated' } },
    ]);
  });

  it('gives the name free again', async () => {
    const { global, project } = await plantTree(bench());
    await setStatus(project.id, 'stopped');
    const orchestrations = await bench().repositories.instances.getChildren(null, project.id);
    for (const { id } of orchestrations) await setStatus(id, 'terminated');
    await remove(project.id);
    const again = await plant(bench(), { scope: 'project', parentId: global.id, name: project.name });
    expect(again.name).toBe(project.name);
  });

  it('is refused while something is below it, some of which it names (rule I6)', async () => {
    const { id, name } = await plant(bench(), { status: 'stopped' });
    const below = { scope: 'project', parentId: id } as const;
    for (const child of ['a', 'b', 'c', 'd', 'e']) await plant(bench(), { ...below, name: child, status: 'stopped' });
    await plant(bench(), { ...below, status: 'terminated' });
    await expect(remove(id)).rejects.toMatchObject({
      code: 'instance_conflict',
      message: `${name} has a, b, c and 2 more below it: delete what is below first`,
    });
  });

  it.each(['held', 'queued', 'offered'] as const)('is refused while a task is %s there (rule I6)', async (what) => {
    const { global, project, orchestration } = await plantTree(bench(), {
      project: { acceptance: what === 'offered' ? 'manual' : 'auto' },
    });
    await setStatus(orchestration.id, 'terminated');
    const taskId = await submit(bench(), what === 'held' ? project : global);
    await route(bench(), taskId);
    await setStatus(project.id, 'stopped');
    if (what === 'held') await order(bench(), taskId, { kind: 'leave', instanceId: project.id, reason: 'it stops' });
    await expect(remove(project.id)).rejects.toMatchObject({
      code: 'instance_conflict',
      message: expect.stringContaining(`${project.name} has 1 open task: hand over, reroute or cancel`),
    });
    await expect(remove(project.id)).rejects.toThrow(`/tasks?instance_id=${project.id}`);
    await order(bench(), taskId, { kind: 'cancel' });
    expect((await remove(project.id)).status).toBe('terminated');
  });

  it('and the creation of something below it exclude each other', async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      const { id } = await plant(bench(), { status: 'stopped' });
      const child = InstanceCreate.parse({ name: 'child', scope: 'project', parent_id: id });
      const [deleted, created] = await Promise.allSettled([
        remove(id),
        createCreateInstance(bench())(child, ana, randomUUID()),
      ]);
      expect([deleted.status, created.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('says so if there is no such instance', async () => {
    await expect(remove(randomUUID())).rejects.toMatchObject({ code: 'instance_not_found' });
  });
});
