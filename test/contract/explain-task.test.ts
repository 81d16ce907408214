import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { createExplainTask } from '../../src/use-cases/explain-task.ts';
import { aSpec } from '../support/parts.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const explain = (taskId: string) => createExplainTask(bench())(taskId);

/** How many statements a piece of work sends. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const query = jest.spyOn(bench().database, 'query');
  await work();
  const sent = query.mock.calls.length;
  query.mockRestore();
  return sent;
}

describe('createExplainTask (rule X1)', () => {
  it('follows a task over two hops: where, why, its place in the queue', async () => {
    const { global, project, orchestration } = await plantTree(bench());
    const [first, second] = [await submit(bench(), global, COMPLEX), await submit(bench(), global, COMPLEX)];
    await route(bench(), first);
    await route(bench(), second);
    const { headline, where, why, waitsFor, ended } = await explain(second);
    expect(where.path.map(({ name }) => name)).toEqual([global.name, project.name, orchestration.name]);
    expect(why.map(({ hop, action }) => [hop, action])).toEqual([
      [0, 'delegate'],
      [1, 'delegate'],
      [null, 'queue'],
    ]);
    expect(headline).toContain('1 task is before it');
    expect([waitsFor?.who, ended]).toEqual([{ id: orchestration.id, name: orchestration.name }, null]);
    const decisions = await bench().repositories.decisions.ofTask(second);
    expect(why.map(({ candidates }) => candidates)).toEqual(decisions.map(({ candidates }) => candidates));
  });

  it('puts a task behind the more urgent and the older ones, as the queue does', async () => {
    const { global, project } = await plantTree(bench());
    const ids: string[] = [];
    for (const priority of ['low', 'urgent', 'low', 'high']) {
      const id = await submit(bench(), global, { priority });
      await route(bench(), id);
      ids.push(id);
    }
    const queue = (await bench().reads.queueOf(project.id, 'aging')).map(({ id }) => id);
    for (const id of ids) {
      const place = queue.indexOf(id);
      const words = place === 0 ? 'it is the next' : `${String(place)} task${place === 1 ? ' is' : 's are'} before it`;
      expect((await explain(id)).headline).toContain(words);
    }
  });

  it('tells who refused with what words, who let it run out, and since when it is where it is', async () => {
    const { global, project } = await plantTree(bench(), { project: { acceptance: 'manual', capabilities: ['x'] } });
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const taskId = await submit(bench(), global, { tags: ['x'] });
    const { offer } = await route(bench(), taskId);
    const waiting = await explain(taskId);
    expect(waiting.waitsFor).toMatchObject({
      who: { id: project.id },
      how: expect.arrayContaining([`hopper accept ${offer?.delegationId ?? ''}`]),
    });
    expect(waiting.waitsFor?.until?.getTime()).toBeGreaterThan(Date.now());
    await order(bench(), taskId, { kind: 'reject', delegationId: offer?.delegationId ?? '', reason: 'not ours' });
    await route(bench(), taskId);
    const { notAsked, why, where } = await explain(taskId);
    expect(notAsked).toEqual([
      { instance: { id: project.id, name: project.name }, why: 'refused it: “not ours” (ana)', until: null },
    ]);
    expect(why[0]?.outcome).toEqual({ status: 'rejected', by: 'ana', notes: 'not ours' });
    const [, , , moved] = await bench().reads.eventsOfTask(taskId);
    expect([where.instance.id, where.since]).toEqual([other.id, moved?.at]);
  });

  it('names the person who handed a task over, and the one who gave it back', async () => {
    const { global, orchestration } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    await route(bench(), taskId);
    await order(bench(), taskId, {
      kind: 'reassign',
      targetInstanceId: orchestration.id,
      delegationType: 'reassign',
    });
    await route(bench(), taskId);
    await order(bench(), taskId, { kind: 'escalate', reason: 'no access' });
    const { why, notAsked } = await explain(taskId);
    const byHand = why.filter(({ strategy }) => strategy === 'by_hand');
    expect(byHand.map(({ action, reason }) => [action, reason])).toEqual([
      ['reassign', 'handed over by ana'],
      ['escalate', 'given back by ana: no access'],
    ]);
    expect(notAsked).toMatchObject([{ instance: { id: orchestration.id }, why: 'gave it back: “no access” (ana)' }]);
  });

  it('explains how a task ended, with the way that led there', async () => {
    const { global, project, orchestration } = await plantTree(bench());
    const taskId = await submit(bench(), global, COMPLEX);
    await route(bench(), taskId);
    await order(bench(), taskId, { kind: 'cancel', reason: 'done by hand' });
    const { ended, where, waitsFor } = await explain(taskId);
    expect(ended).toMatchObject({ status: 'cancelled', by: 'ana', reason: 'done by hand' });
    expect(where.path.map(({ id }) => id)).toEqual([global.id, project.id, orchestration.id]);
    expect(waitsFor).toBeNull();
  });

  it('tells of a task that was split and of its parts', async () => {
    const { global } = await plantTree(bench());
    const whole = await submit(bench(), global, { title: 'the whole' });
    const { links } = await route(bench(), whole);
    const delegationId = links[0]?.delegationId ?? null;
    const parts = [aSpec('a'), aSpec('b', ['a']), aSpec('c', ['a', 'b'])];
    await order(bench(), whole, { kind: 'decompose', delegationId, parts, join: 'all' });
    const rows = await bench().models.Task.findAll({ where: { parentTaskId: whole }, order: ['partKey'] });
    const [a = '', , c = ''] = rows.map(({ id }) => id);
    expect((await explain(whole)).headline).toContain('0 of 3 parts are done');
    expect((await explain(a)).headline).toContain('“do a”, a part of “the whole”, is at');
    expect((await explain(c)).headline).toContain('waits for parts "a", "b" to be completed');
    await order(bench(), a, { kind: 'cancel' });
    expect((await explain(whole)).waitsFor?.what).toContain('"a" did not complete');
  });

  it('takes the same number of statements for a long way as for a short one', async () => {
    const { global } = await plantTree(bench());
    const short = await submit(bench(), global);
    const long = await submit(bench(), global, COMPLEX);
    for (let round = 0; round < 12; round += 1) {
      await route(bench(), long);
      await order(bench(), long, { kind: 'reroute' });
    }
    expect((await explain(long)).why.length).toBeGreaterThan(20);
    expect(await statementsOf(() => explain(long))).toBe(await statementsOf(() => explain(short)));
  });

  it('shows the last 50 decisions and says how many came before', async () => {
    const { global } = await plantTree(bench(), { global: { on_unroutable: 'hold' } });
    const taskId = await submit(bench(), global, { metadata: { project_id: randomUUID() } });
    for (let round = 0; round < 53; round += 1) {
      await route(bench(), taskId);
      if (round < 52) await order(bench(), taskId, { kind: 'reroute' });
    }
    const { why, whyLeftOut, waitsFor } = await explain(taskId);
    expect([why.length, whyLeftOut]).toEqual([50, 3]);
    expect(waitsFor?.what).toContain('metadata.project_id names no instance');
  });

  it('knows no task that is not there', async () => {
    await expect(explain(randomUUID())).rejects.toMatchObject({ code: 'task_not_found' });
  });
});
