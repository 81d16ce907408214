import { describe, expect, it } from '@jest/globals';
import { type ChildrenAsk, childrenView } from '../../src/persistence/queries/routing-view.query.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const ASK = { tags: [], words: '', matchers: ['tags'], excluded: [], postponed: [], named: null } as const;
const viewOf = (instanceId: string, ask: Partial<ChildrenAsk> = {}) =>
  childrenView(bench().database, null, { ...ASK, instanceId, ...ask });

describe('childrenView', () => {
  it('shows running children only, and counts the others (rules C1 and C2)', async () => {
    const global = await plant(bench());
    const below = { scope: 'project', parentId: global.id } as const;
    for (const status of [
      'created',
      'starting',
      'running',
      'paused',
      'stopping',
      'stopped',
      'error',
      'terminated',
    ] as const)
      await plant(bench(), { ...below, status, name: status });
    const view = await viewOf(global.id);
    expect(view.candidates.map((each) => each.name)).toEqual(['running']);
    expect(view).toMatchObject({ running: 1, excluded: 0, liveChildren: 4, existingChildren: 7 });
  });

  it('leaves out who is excluded, but counts it (rule R3)', async () => {
    const { global, project } = await plantTree(bench());
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const view = await viewOf(global.id, { excluded: [project.id] });
    expect(view.candidates.map((each) => each.id)).toEqual([other.id]);
    expect(view).toMatchObject({ running: 1, excluded: 1, liveChildren: 2, existingChildren: 2 });
  });

  it('counts as busy what is queued at a child and what it was offered', async () => {
    const { global, project } = await plantTree(bench(), { project: { acceptance: 'manual' } });
    const busyOf = async () => (await viewOf(global.id)).candidates[0]?.busy;
    const tasks = [await submit(bench(), global), await submit(bench(), global), await submit(bench(), global)];
    const rows = await Promise.all(tasks.map((task) => route(bench(), task)));
    expect(await busyOf()).toBe(3);
    await order(bench(), tasks[0]!, { kind: 'accept', delegationId: rows[0]?.offer?.delegationId ?? '' });
    await route(bench(), tasks[0]!);
    await order(bench(), tasks[1]!, { kind: 'cancel' });
    expect(await busyOf()).toBe(2);
    expect((await viewOf(project.id)).openHere).toBe(1);
  });

  it('says when a child had its last offer, whatever became of it', async () => {
    const { global } = await plantTree(bench(), { project: { acceptance: 'manual' } });
    expect((await viewOf(global.id)).candidates[0]?.lastOfferAt).toBeNull();
    const task = await submit(bench(), global);
    await route(bench(), task);
    await order(bench(), task, { kind: 'cancel' });
    const [delegation] = await bench().repositories.delegations.getDelegationsForTask(null, task);
    expect((await viewOf(global.id)).candidates[0]?.lastOfferAt).toBe(delegation?.delegatedAt.getTime());
  });

  it('looks at a later matcher only where the earlier finds nobody (rule K2)', async () => {
    const global = await plant(bench());
    const below = { scope: 'project', parentId: global.id } as const;
    await plant(bench(), { ...below, name: 'money', config: { capabilities: [' Billing '] } });
    await plant(bench(), { ...below, name: 'garden' });
    const scores = async (tags: string[], matchers: ChildrenAsk['matchers']) => {
      const { candidates } = await viewOf(global.id, { tags, words: 'garden', matchers });
      return Object.fromEntries(candidates.map((each) => [each.name, each.matchedWords]));
    };
    expect(await scores(['BILLING'], ['tags', 'keywords'])).toEqual({ money: [], garden: [] });
    expect(await scores(['nothing'], ['tags', 'keywords'])).toEqual({ money: [], garden: ['garden'] });
    expect(await scores(['billing'], ['keywords', 'tags'])).toEqual({ money: [], garden: ['garden'] });
    expect(await scores(['billing'], ['tags'])).toEqual({ money: [], garden: [] });
  });

  it('finds whom a rule names by id, name or capability, if it may be chosen', async () => {
    const global = await plant(bench());
    const below = { scope: 'project', parentId: global.id } as const;
    const config = { capabilities: ['Refunds'] };
    const money = await plant(bench(), { ...below, name: 'Money', config });
    const paused = await plant(bench(), { ...below, name: 'Paused', config, status: 'paused' });
    const foreign = await plantTree(bench(), { project: config });
    const named = async (by: 'id' | 'name' | 'capability', value: string, ask: Partial<ChildrenAsk> = {}) =>
      (await viewOf(global.id, { ...ask, named: { by, value } })).named.map((each) => each.id);
    for (const [by, value] of [
      ['id', money.id],
      ['id', ` ${money.id.toUpperCase()}`],
      ['name', ' mONEY '],
      ['capability', ' refunds'],
    ] as const)
      expect(await named(by, value)).toEqual([money.id]);
    for (const [by, value] of [
      ['id', paused.id],
      ['id', foreign.project.id],
      ['id', 'no id'],
      ['name', 'paused'],
      ['name', foreign.project.name],
      ['capability', 'refund'],
    ] as const)
      expect(await named(by, value)).toEqual([]);
    expect(await named('name', 'money', { excluded: [money.id] })).toEqual([]);
    expect(await named('capability', 'refunds', { postponed: [money.id] })).toEqual([]);
    expect((await viewOf(global.id)).named).toEqual([]);
  });

  it('says who is passed over, in name order, and counts the postponed apart from the excluded', async () => {
    const global = await plant(bench());
    const below = { scope: 'project', parentId: global.id } as const;
    const planted = new Map<string, string>();
    for (const [name, status] of [
      ['refused', 'running'],
      ['later', 'running'],
      ['asleep', 'paused'],
      ['gone', 'terminated'],
      ['free', 'running'],
    ] as const)
      planted.set(name, (await plant(bench(), { ...below, name, status })).id);
    const idOf = (name: string) => planted.get(name)!;
    const view = await viewOf(global.id, {
      excluded: [global.id, idOf('refused'), idOf('asleep')],
      postponed: [idOf('later')],
    });
    expect(view.candidates.map((each) => each.name)).toEqual(['free']);
    expect(view).toMatchObject({ running: 1, excluded: 1, postponed: 1, liveChildren: 4, existingChildren: 4 });
    expect(view.passedOver).toEqual([
      { id: idOf('asleep'), name: 'asleep', status: 'paused' },
      { id: idOf('later'), name: 'later', status: 'running' },
      { id: idOf('refused'), name: 'refused', status: 'running' },
    ]);
  });
});

describe('childrenView.openHere', () => {
  it('counts the open tasks that are directly at an instance, not those below or offered (rule P3)', async () => {
    const { global, project } = await plantTree(bench());
    const count = async () => (await viewOf(project.id)).openHere;
    await route(bench(), await submit(bench(), global, COMPLEX));
    expect(await count()).toBe(0);
    const simple = await submit(bench(), global);
    await route(bench(), simple);
    expect(await count()).toBe(1);
    await order(bench(), simple, { kind: 'cancel' });
    expect(await count()).toBe(0);
  });
});
