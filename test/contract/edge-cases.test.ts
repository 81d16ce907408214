import { describe, expect, it } from '@jest/globals';
import type { InstanceStatus } from '../../src/domain/instance.ts';
import { COMPLEX, aBench, order, plant, plantTree, rowOf, route, submit } from './setup.ts';

const bench = aBench();

const project = (parentId: string, fields: object = {}) => plant(bench(), { scope: 'project', parentId, ...fields });
const childrenOf = async (id: string) => bench().repositories.instances.getChildren(null, id);
const decisionsOf = (taskId: string) => bench().repositories.decisions.ofTask(taskId);

describe('a Global without anybody to ask', () => {
  it('rejects what comes, with the reason, if it has no children (rule R7)', async () => {
    const taskId = await submit(bench(), await plant(bench()));
    expect(await route(bench(), taskId)).toMatchObject({
      status: 'rejected',
      failure: { code: 'unroutable', reason: 'no project exists, and auto_create_projects is off' },
    });
  });

  it.each(['starting', 'paused', 'stopping'] as const)(
    'creates nothing beside a child that is %s (rule C1)',
    async (status: InstanceStatus) => {
      const global = await plant(bench(), { config: { auto_create_projects: true } });
      await project(global.id, { status });
      expect(await route(bench(), await submit(bench(), global))).toMatchObject({ status: 'rejected' });
      expect(await childrenOf(global.id)).toHaveLength(1);
    },
  );

  it.each(['created', 'stopped', 'error', 'terminated'] as const)(
    'creates one beside a child that is %s (rule C1)',
    async (status: InstanceStatus) => {
      const global = await plant(bench(), { config: { auto_create_projects: true } });
      await project(global.id, { status });
      expect(await route(bench(), await submit(bench(), global, { tags: ['new'] }))).toMatchObject({
        status: 'queued',
      });
      expect((await childrenOf(global.id)).map((each) => each.status)).toContain('running');
    },
  );

  it('creates nothing because all have refused: a poisonous task breeds no instances (rule C1)', async () => {
    const global = await plant(bench(), { config: { auto_create_projects: true } });
    for (const name of ['a', 'b', 'c']) await project(global.id, { name, config: { acceptance: 'manual' } });
    const taskId = await submit(bench(), global);
    for (let refusals = 0; refusals < 3; refusals += 1) {
      const { offer } = await route(bench(), taskId);
      const command = { kind: 'reject', delegationId: offer?.delegationId ?? '', reason: 'no' } as const;
      rowOf(await order(bench(), taskId, command));
    }
    expect(await route(bench(), taskId)).toMatchObject({
      status: 'rejected',
      why: expect.stringContaining('3 refused'),
    });
    expect(await childrenOf(global.id)).toHaveLength(3);
  });
});

describe('a paused instance', () => {
  it('gets nothing, but hands on what it has (rules B4 and R2)', async () => {
    const { global, project: paused, orchestration } = await plantTree(bench());
    const taskId = await submit(bench(), paused, COMPLEX);
    await bench().models.Instance.update({ status: 'paused' }, { where: { id: paused.id } });
    expect(await route(bench(), taskId)).toMatchObject({ status: 'queued', holder: { id: orchestration.id } });
    expect(await route(bench(), await submit(bench(), global))).toMatchObject({ status: 'rejected' });
  });

  it('is named among those that were not asked, with the reason (rule R1)', async () => {
    const global = await plant(bench());
    await project(global.id, { name: 'resting', status: 'paused' });
    await project(global.id, { name: 'awake' });
    const taskId = await submit(bench(), global);
    await route(bench(), taskId);
    const [decision] = await decisionsOf(taskId);
    expect(decision?.candidates).toMatchObject([
      { name: 'awake', chosen: true },
      { name: 'resting', chosen: false, why: 'is paused' },
    ]);
  });
});

describe('what people write', () => {
  it.each([
    ['in another case', ['BILLING']],
    ['with spaces around it', ['  billing ']],
    ['twice', ['billing', 'Billing']],
  ])('matches as a tag %s (rule R5)', async (_how, tags) => {
    const global = await plant(bench());
    await project(global.id, { name: 'other' });
    await project(global.id, { name: 'billing-team', config: { capabilities: [' Billing'] } });
    const taskId = await submit(bench(), global, { tags });
    await route(bench(), taskId);
    const [decision] = await decisionsOf(taskId);
    expect(decision).toMatchObject({ strategy: 'tags', reason: '1 of 1 tags match: billing' });
  });

  it.each([
    ['nothing but a title', { title: 'x', description: '' }],
    ['10,000 characters', { description: 'lorem ipsum '.repeat(1_000).slice(0, 10_000) }],
    ['10,000 characters without a space', { description: 'x'.repeat(10_000) }],
    ['Japanese', { title: '請求書を分割する', description: '税金の計算' }],
    ['Arabic, right to left', { title: 'تقسيم الفواتير' }],
    ['emoji and marks', { title: '🧾✂️ e\u0301 \u200d', tags: ['🧾'] }],
    ['what looks like a query', { title: "it's & | ! <-> :* 'a' (b)", description: '%_\\' }],
  ])('is routed by a Global that looks at words: %s (rule K1)', async (_what, fields) => {
    const global = await plant(bench(), { config: { routing_strategy: 'keyword' } });
    await project(global.id, { name: '請求書', config: { description: 'تقسيم' } });
    expect(await route(bench(), await submit(bench(), global, fields))).toMatchObject({ status: 'queued' });
  });
});

describe('a project', () => {
  it('does complex work itself where no orchestration runs and none may be created (rule P4)', async () => {
    const { project: alone } = await plantTree(bench(), { project: { auto_create_orchestrations: false } });
    await bench().models.Instance.update({ status: 'paused' }, { where: { parentId: alone.id } });
    const row = await route(bench(), await submit(bench(), alone, COMPLEX));
    expect(row).toMatchObject({ status: 'queued', holder: { id: alone.id } });
    expect(row.why).toContain('no orchestration is running: done here');
  });

  it('hands simple work on too once as many direct tasks are open as it may have (rule P3)', async () => {
    const { project: busy, orchestration } = await plantTree(bench(), { project: { orchestration_threshold: 2 } });
    const holders: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      holders.push((await route(bench(), await submit(bench(), busy))).holder.id);
    }
    expect(holders).toEqual([busy.id, busy.id, orchestration.id, orchestration.id]);
  });
});
