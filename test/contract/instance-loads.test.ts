import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QueryTypes } from 'sequelize';
import { HOPPER } from '../../src/domain/actor.ts';
import type { TaskCommand } from '../../src/domain/task-command.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, submit, within } from './setup.ts';

const bench = aBench();

const LOADS = `
  SELECT instance_id, parent_id, is_running, busy, direct, last_offer_at FROM instance_loads ORDER BY instance_id`;
const COUNTED = `
  SELECT i.id AS instance_id, i.parent_id, i.status = 'running' AS is_running,
    (SELECT count(*)::int FROM tasks t WHERE t.instance_id = i.id AND t.status IN ('queued', 'in_progress'))
      + (SELECT count(*)::int FROM task_delegations d WHERE d.target_instance_id = i.id AND d.status = 'pending') AS busy,
    (SELECT count(*)::int FROM tasks t WHERE t.instance_id = i.id AND t.status IN ('queued', 'in_progress', 'blocked')) AS direct,
    (SELECT max(d.delegated_at) FROM task_delegations d WHERE d.target_instance_id = i.id) AS last_offer_at
  FROM hopper_instances i ORDER BY i.id`;

const select = (sql: string) => bench().database.query<object>(sql, { type: QueryTypes.SELECT });

/** The table says what a count of all rows says, and it has something to say. */
async function expectTrueLoads(): Promise<void> {
  const counted = await select(COUNTED);
  expect(await select(LOADS)).toEqual(counted);
  expect(counted.length).toBeGreaterThan(0);
}

describe('instance_loads', () => {
  it('has a row for each instance from its creation on, which follows its status', async () => {
    const { project } = await plantTree(bench());
    const { instances } = bench().repositories;
    await within(bench(), (transaction) =>
      instances.move(transaction, project.id, { from: 'running', to: 'paused' }, HOPPER),
    );
    await expectTrueLoads();
    await within(bench(), (transaction) =>
      instances.move(transaction, project.id, { from: 'paused', to: 'running' }, HOPPER),
    );
    await expectTrueLoads();
  });

  it('says after any commands what a count from the beginning says', async () => {
    const { global, project, orchestration } = await plantTree(bench(), { project: { acceptance: 'manual' } });
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const places = [project.id, other.id, orchestration.id];
    const step = fc.record({
      verb: fc.constantFrom(
        'submit',
        'accept',
        'reject',
        'complete',
        'fail',
        'cancel',
        'escalate',
        'reroute',
        'reassign',
      ),
      task: fc.nat(1_000),
      place: fc.nat(places.length - 1),
      isComplex: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
        const tasks = [await submit(bench(), global)];
        for (const { verb, task, place, isComplex } of steps) {
          if (verb === 'submit') tasks.push(await submit(bench(), global, isComplex ? COMPLEX : {}));
          const id = tasks[task % tasks.length]!;
          const { offer } = await route(bench(), id);
          const delegationId = offer?.delegationId ?? randomUUID();
          if (verb !== 'submit') await order(bench(), id, commandOf(verb, delegationId, places[place]!));
        }
        await expectTrueLoads();
      }),
      { numRuns: 12 },
    );
  });

  it('stays true, and nobody waits in a circle, when many tasks go both ways between two instances at once', async () => {
    const { global, project } = await plantTree(bench());
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const tasks = await Promise.all(Array.from({ length: 24 }, () => submit(bench(), global)));
    await Promise.all(tasks.map((task) => route(bench(), task)));
    const handOver = (task: string, target: string) =>
      order(bench(), task, { kind: 'reassign', targetInstanceId: target, delegationType: 'reassign' });
    for (let time = 0; time < 4; time += 1) {
      const moved = tasks.map((task, index) => handOver(task, (index + time) % 2 === 0 ? project.id : other.id));
      expect((await Promise.all(moved)).some((result) => result.verdict === 'done')).toBe(true);
      await Promise.all(tasks.map((task) => route(bench(), task)));
    }
    await expectTrueLoads();
  });

  it('is corrected when tasks are deleted, in any order, beside tasks that move', async () => {
    const { global, project } = await plantTree(bench(), { project: { acceptance: 'manual' } });
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const tasks = await Promise.all(Array.from({ length: 30 }, () => submit(bench(), global)));
    for (const task of tasks) await route(bench(), task);
    const remove = (some: readonly string[]) =>
      bench().database.query('DELETE FROM tasks WHERE id = ANY ($1)', { bind: [some] });
    const target = (index: number) => (index % 2 === 0 ? project.id : other.id);
    await Promise.all([
      remove(tasks.slice(0, 10)),
      remove(tasks.slice(10, 20).toReversed()),
      ...tasks.slice(20).map((task, index) => {
        const to = { targetInstanceId: target(index), delegationType: 'reassign' } as const;
        return order(bench(), task, { kind: 'reassign', ...to });
      }),
    ]);
    await expectTrueLoads();
    await remove(tasks);
    await expectTrueLoads();
    expect(
      await select(
        `SELECT FROM instance_loads WHERE instance_id = '${project.id}' AND busy = 0 AND last_offer_at IS NULL`,
      ),
    ).toHaveLength(1);
  });
});

function commandOf(verb: string, delegationId: string, targetInstanceId: string): TaskCommand {
  if (verb === 'accept') return { kind: 'accept', delegationId };
  if (verb === 'reject') return { kind: 'reject', delegationId, reason: 'no' };
  if (verb === 'complete') return { kind: 'complete' };
  if (verb === 'fail') return { kind: 'fail', reason: 'broken' };
  if (verb === 'escalate') return { kind: 'escalate', reason: 'too hard' };
  if (verb === 'reroute') return { kind: 'reroute' };
  if (verb === 'reassign') return { kind: 'reassign', targetInstanceId, delegationType: 'reassign' };
  return { kind: 'cancel' };
}
