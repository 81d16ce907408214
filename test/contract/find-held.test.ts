import { describe, expect, it } from '@jest/globals';
import { createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import { ADMIN } from '../../src/domain/actor.ts';
import { createMoveInstance } from '../../src/use-cases/change-instance.ts';
import { createHeldStore } from '../../src/use-cases/find-held.ts';
import { aPolicy } from '../support/builders.ts';
import { aBench, order, plant, route, submit, within } from './setup.ts';

const bench = aBench(aPolicy({ global: { on_unroutable: 'hold' } }));

/** A task that nobody below its Global can take. */
async function aHeldTask() {
  const global = await plant(bench());
  const taskId = await submit(bench(), global, { tags: ['billing'] });
  expect(await route(bench(), taskId)).toMatchObject({ status: 'blocked', blockedOn: 'held' });
  return { global, taskId };
}
const everything = (taskId: string) =>
  Promise.all([bench().reads.eventsOfTask(taskId), bench().repositories.decisions.ofTask(taskId)]);

describe('createHeldStore.wouldRoute', () => {
  const wouldRoute = (taskId: string) => createHeldStore(bench()).wouldRoute(taskId);

  it('says no while nobody can take the task, yes when somebody can, and writes nothing (rule R9)', async () => {
    const { global, taskId } = await aHeldTask();
    const before = await everything(taskId);
    expect(await wouldRoute(taskId)).toBe(false);
    await plant(bench(), { scope: 'project', parentId: global.id });
    expect(await wouldRoute(taskId)).toBe(true);
    expect(await everything(taskId)).toEqual(before);
  });

  it('says yes when another policy would have it taken, also by a new instance (rule R9)', async () => {
    const { taskId } = await aHeldTask();
    const inForce = {
      policy: aPolicy({ global: { on_unroutable: 'hold', auto_create_projects: true } }),
      hash: 'another',
      behaviors: createBehaviorFactory(),
    };
    const store = createHeldStore({ ...bench(), policyInForce: () => Promise.resolve(inForce) });
    expect(await store.wouldRoute(taskId)).toBe(true);
    expect(await wouldRoute(taskId)).toBe(false);
  });

  it.each(['stopping', 'stopped', 'error', 'terminated'] as const)(
    'says no while the Global at which the task entered is %s: nobody is above it (rule R9)',
    async (status) => {
      const { global, taskId } = await aHeldTask();
      await plant(bench(), { scope: 'project', parentId: global.id });
      await bench().models.Instance.update({ status }, { where: { id: global.id } });
      expect(await wouldRoute(taskId)).toBe(false);
    },
  );

  it('says yes where a level that cannot decide any more would give the task back to the one above', async () => {
    const rules = [{ when: 'true', require: { name: 'nobody' } }];
    const global = await plant(bench());
    const project = await plant(bench(), {
      scope: 'project',
      parentId: global.id,
      config: { on_unroutable: 'hold', rules },
    });
    const ports = { ...bench(), rules: { problemOf: () => null, holds: () => true } };
    const taskId = await submit(bench(), global);
    await bench().useCases.routeTask({ taskId, expectedStep: 0 });
    await bench().models.Task.update({ status: 'blocked', blockedOn: 'held' }, { where: { id: taskId } });
    expect(await createHeldStore(ports).wouldRoute(taskId)).toBe(false);
    await bench().models.Instance.update({ status: 'stopped' }, { where: { id: project.id } });
    expect(await createHeldStore(ports).wouldRoute(taskId)).toBe(true);
  });

  it('says no for a task that is not held, and for one that is gone', async () => {
    const { global, taskId } = await aHeldTask();
    await plant(bench(), { scope: 'project', parentId: global.id });
    await order(bench(), taskId, { kind: 'reroute', onlyHeld: true });
    expect(await wouldRoute(taskId)).toBe(false);
    expect(await wouldRoute(global.id)).toBe(false);
  });
});

describe('createHeldStore.marker', () => {
  const marker = () => createHeldStore(bench()).marker();

  it('is another one after every change of an instance, also one that began before the last and ended after it', async () => {
    const seen = [await marker()];
    const global = await plant(bench());
    seen.push(await marker());
    await createMoveInstance(bench())(global.id, 'pause', ADMIN);
    seen.push(await marker());
    await within(bench(), async (early) => {
      await bench().database.query('SELECT now()', { transaction: early });
      await plant(bench());
      seen.push(await marker());
      const change = { config: { description: 'late' } };
      await bench().repositories.instances.change(early, global, change, ADMIN);
    });
    seen.push(await marker());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('is another one after a publication, and stays after a refusal and where nothing happens', async () => {
    const { policies } = bench().repositories;
    const loaded = { policy: aPolicy(), hash: 'a'.repeat(64), text: '' };
    const before = await marker();
    await within(bench(), (transaction) => policies.publish(transaction, loaded, { by: 'ana' }));
    const after = await marker();
    expect(after).not.toBe(before);
    await within(bench(), (transaction) => policies.refuse(transaction, 'no such key', 'ana'));
    expect(await marker()).toBe(after);
  });
});

describe('createHeldStore.pages', () => {
  it('goes through every held task once, and through no other, 200 at a time', async () => {
    const { global, taskId } = await aHeldTask();
    const copy = `INSERT INTO tasks (id, title, status, blocked_on, entry_instance_id, instance_id)
      SELECT gen_random_uuid(), 'held', 'blocked', $2, $1, $1 FROM generate_series(1, $3)`;
    await bench().database.query(copy, { bind: [global.id, 'held', 430] });
    await bench().database.query(copy, { bind: [global.id, 'question', 5] });
    const pages: string[][] = [];
    for await (const page of createHeldStore(bench()).pages()) pages.push(page.map(({ id }) => id));
    expect(pages.every((page) => page.length <= 200)).toBe(true);
    const ids = pages.flat();
    expect([new Set(ids).size, ids.includes(taskId)]).toEqual([ids.length, true]);
    expect(ids).toHaveLength(await bench().models.Task.count({ where: { blockedOn: 'held' } }));
  });
});
