import { describe, expect, it } from '@jest/globals';
import { byTags, leastBusy, roundRobin } from '../../src/domain/scopes/ranking.ts';
import type { Candidate } from '../../src/domain/scopes/scope-behavior.ts';
import { childrenView, openTasksAt } from '../../src/persistence/queries/routing-view.query.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const viewOf = (instanceId: string, tags: string[] = [], excluded: string[] = []) =>
  childrenView(bench().database, null, {
    instanceId,
    tags,
    words: '',
    matchers: ['tags'],
    excluded,
    postponed: [],
    named: null,
  });

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
    const view = await viewOf(global.id, [], [project.id]);
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
    expect(await openTasksAt(bench().database, null, project.id)).toBe(1);
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

  it('of more children than it shows, leads to the choice that all would lead to (rule B3)', async () => {
    const global = await plant(bench());
    const { Instance, Task } = bench().models;
    const labels = ['Billing', ' docs ', 'api', 'ÜBER', 'other'];
    for (let number = 0; number < 130; number += 1) {
      const capabilities = labels.filter((_, index) => (number * 7 + 3) % (index + 2) === 0);
      await plant(bench(), { scope: 'project', parentId: global.id, config: { capabilities } });
    }
    const children = await Instance.findAll({ where: { parentId: global.id } });
    const busy = children.slice(0, 60);
    for (const [index, child] of busy.entries())
      for (let task = 0; task <= index % 3; task += 1) await submit(bench(), child);
    await Task.update({ status: 'queued' }, { where: { instanceId: busy.map((each) => each.id) } });
    const all: Candidate[] = children.map(({ id, name, config }) => {
      const index = busy.findIndex((each) => each.id === id);
      return {
        id,
        name,
        capabilities: config.capabilities ?? [],
        busy: index < 0 ? 0 : (index % 3) + 1,
        lastOfferAt: null,
        keywordScore: 0,
        matchedWords: [],
      };
    });
    for (const tags of [['billing'], ['DOCS', 'api'], ['über', 'billing', 'other'], ['nothing']]) {
      const { candidates, running } = await viewOf(global.id, tags);
      expect(candidates.length).toBeLessThan(running);
      expect(byTags(tags, candidates)?.target.id).toBe(byTags(tags, all)?.target.id);
      expect(leastBusy(candidates)?.target.id).toBe(leastBusy(all)?.target.id);
      expect(roundRobin(candidates)?.target.id).toBe(roundRobin(all)?.target.id);
    }
  });
});

describe('openTasksAt', () => {
  it('counts the open tasks that are directly at an instance, not those below or offered (rule P3)', async () => {
    const { global, project } = await plantTree(bench());
    const count = () => openTasksAt(bench().database, null, project.id);
    await route(bench(), await submit(bench(), global, COMPLEX));
    expect(await count()).toBe(0);
    const simple = await submit(bench(), global);
    await route(bench(), simple);
    expect(await count()).toBe(1);
    await order(bench(), simple, { kind: 'cancel' });
    expect(await count()).toBe(0);
  });
});
