import { describe, expect, it } from '@jest/globals';
import { type SeedNode, seedHierarchy } from '../../src/use-cases/seed-hierarchy.ts';
import { aBench } from './setup.ts';

const bench = aBench();

const TREE: SeedNode = {
  name: 'global',
  scope: 'global',
  children: [
    { name: 'a', scope: 'project', config: { capabilities: ['x'] }, children: [{ name: 'b', scope: 'orchestration' }] },
  ],
};
const TWINS: SeedNode = { ...TREE, children: [...TREE.children!, { name: 'A', scope: 'project' }] };

describe('seedHierarchy', () => {
  it('creates all or none', async () => {
    await expect(seedHierarchy(bench(), [TWINS])).rejects.toMatchObject({ code: 'instance_conflict' });
    expect(await bench().reads.subtreeOf(null)).toEqual([]);
  });

  it('fills an empty database once, however many do it at once, and all of it runs', async () => {
    const created = await Promise.all(Array.from({ length: 4 }, () => seedHierarchy(bench(), [TREE])));
    expect(created.toSorted()).toEqual([0, 0, 0, 3]);
    const planted = await bench().reads.subtreeOf(null);
    expect(planted.map(({ name, scope, status }) => [name, scope, status])).toEqual([
      ['a', 'project', 'running'],
      ['b', 'orchestration', 'running'],
      ['global', 'global', 'running'],
    ]);
    expect(planted[0]?.config).toEqual({ capabilities: ['x'] });
  });

  it('leaves a database alone that has instances, also terminated ones', async () => {
    await bench().models.Instance.update({ status: 'terminated' }, { where: {} });
    expect(await seedHierarchy(bench(), [TREE])).toBe(0);
  });
});
