import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ADMIN } from '../../src/domain/actor.ts';
import { type TaskStart as Start, TaskStart } from '../../src/domain/task.schema.ts';
import { aBench, plant, plantTree } from './setup.ts';

const bench = aBench();

async function setup() {
  const tree = await plantTree(bench());
  const aStart = (fields: object = {}): Start =>
    TaskStart.parse({ id: randomUUID(), title: 'a task', instanceId: tree.global.id, ...fields });
  return { ...tree, aStart, admit: (start: Start) => bench().useCases.admitTask(start, ADMIN) };
}

describe('createAdmitTask', () => {
  it('puts a task on record as it was submitted, routing at its entry, with its first event (rule T2)', async () => {
    const { admit, aStart, global } = await setup();
    const given = aStart({
      description: 'one per customer',
      tags: ['billing', 'Größe'],
      priority: 'high',
      estimatedDuration: 90,
      metadata: { subtasks: ['a'], deep: { list: [1, null] } },
      requester: 'ana',
      externalRef: 'JIRA-1',
      dueAt: '2026-03-01T12:00:00+02:00',
    });
    const { task, isNew } = await admit(given);
    expect(isNew).toBe(true);
    expect(task).toMatchObject({
      ...given,
      instanceId: global.id,
      entryInstanceId: global.id,
      dueAt: new Date('2026-03-01T10:00:00Z'),
      status: 'routing',
      step: 0,
    });
    expect(await bench().reads.eventsOfTask(task.id)).toMatchObject([
      { seq: 1, type: 'task_submitted', actor: { name: 'admin', role: 'admin' } },
    ]);
  });

  it('gives the same task again the same row, whatever the order of its keys (rule T2)', async () => {
    const { admit, aStart } = await setup();
    const first = aStart({ metadata: { a: 1, b: { c: 2, d: 3 } }, dueAt: '2026-03-01T12:00:00Z' });
    const again = aStart({ ...first, metadata: { b: { d: 3, c: 2 }, a: 1 }, dueAt: '2026-03-01T13:00:00+01:00' });
    const { task } = await admit(first);
    expect(await admit(again)).toEqual({ task, isNew: false });
    expect(await bench().reads.eventsOfTask(task.id)).toHaveLength(1);
  });

  it.each([
    { title: 'another' },
    { description: 'x' },
    { tags: ['x'] },
    { priority: 'low' },
    { estimatedDuration: 1 },
    { metadata: { a: 1 } },
    { requester: 'x' },
    { externalRef: 'x' },
    { dueAt: '2026-03-01T12:00:00Z' },
    { notBefore: '2026-03-01T12:00:00Z' },
    { instanceId: null },
  ])('refuses the same id with another content: %j (rule T2)', async (other) => {
    const { admit, aStart } = await setup();
    const first = aStart();
    await admit(first);
    await expect(admit({ ...first, ...other } as Start)).rejects.toMatchObject({ code: 'task_exists' });
  });

  it('lets one of several at once put it on record, and gives all the same row (rule T2)', async () => {
    const { admit, aStart } = await setup();
    const given = aStart();
    const all = await Promise.all(Array.from({ length: 6 }, () => admit(given)));
    expect(all.filter((each) => each.isNew)).toHaveLength(1);
    expect(new Set(all.map((each) => JSON.stringify(each.task))).size).toBe(1);
  });

  it('lets one of two with different contents at once win (rule T2)', async () => {
    const { admit, aStart } = await setup();
    const given = aStart();
    const both = await Promise.allSettled([admit(given), admit({ ...given, title: 'another' })]);
    expect(both.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    expect(both.find((each) => each.status === 'rejected')?.reason).toMatchObject({ code: 'task_exists' });
  });

  it('takes a task again although its entry has stopped since (rule T2)', async () => {
    const { admit, aStart, global } = await setup();
    const given = aStart();
    await admit(given);
    await bench().models.Instance.update({ status: 'stopped' }, { where: { id: global.id } });
    expect(await admit(given)).toMatchObject({ isNew: false });
  });

  it.each(['created', 'paused', 'stopping', 'stopped', 'error', 'terminated'] as const)(
    'refuses an entry instance that is %s',
    async (status) => {
      const { admit, aStart } = await setup();
      const closed = await plant(bench(), { status });
      await expect(admit(aStart({ instanceId: closed.id }))).rejects.toMatchObject({
        code: 'entry_unavailable',
        problems: [{ path: 'instance_id', message: expect.stringContaining(`is ${status}`) }],
      });
    },
  );

  it('refuses an entry instance that does not exist', async () => {
    const { admit, aStart } = await setup();
    await expect(admit(aStart({ instanceId: randomUUID() }))).rejects.toMatchObject({ code: 'entry_unavailable' });
  });

  it('enters at the only running Global if none is named, else asks for a name (rule T2)', async () => {
    const { models } = bench();
    await models.Instance.update({ status: 'terminated' }, { where: { scope: 'global' } });
    const start = () => TaskStart.parse({ id: randomUUID(), title: 'a task' });
    const admit = () => bench().useCases.admitTask(start(), ADMIN);
    await expect(admit()).rejects.toThrow(/no Global is running/);
    const only = await plant(bench());
    expect((await admit()).task.entryInstanceId).toBe(only.id);
    await plant(bench());
    await expect(admit()).rejects.toThrow(/more than one Global is running/);
  });
});
