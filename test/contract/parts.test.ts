import { describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import type { Join, PartSpec } from '../../src/domain/parts/part.ts';
import type { Task } from '../../src/domain/task.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createFindPartsToStart } from '../../src/use-cases/parts-to-start.ts';
import { createSuspectStore } from '../../src/use-cases/find-suspects.ts';
import { anActor } from '../support/builders.ts';
import { aSpec } from '../support/parts.ts';
import { aBench, order, plantTree, route, rowOf, submit } from './setup.ts';

const bench = aBench();

const CHAIN = [aSpec('a'), aSpec('b', ['a']), aSpec('c', ['b'])];
const free = (count: number): PartSpec[] => Array.from({ length: count }, (_, no) => aSpec(String(no)));
const select = <Row extends object>(sql: string, bind: unknown[] = []) =>
  bench().database.query<Row>(sql, { bind, type: QueryTypes.SELECT });

/** A task that is split at the project, or what the test says. */
async function setup(parts: readonly PartSpec[] = CHAIN, join: Join = 'all') {
  const tree = await plantTree(bench());
  const wholeId = await submit(bench(), tree.global);
  await route(bench(), wholeId);
  const holder = async () => rowOf(await bench().useCases.readTask({ taskId: wholeId })).links.at(-1)?.delegationId;
  const command = { kind: 'decompose', delegationId: (await holder()) ?? '', parts, join } as const;
  const split = (commandId = 'split') => order(bench(), wholeId, command, { commandId });
  await split();
  const tasks = async (): Promise<readonly Task[]> => {
    const ids = await select<{ id: string }>('SELECT id FROM tasks WHERE parent_task_id = $1 ORDER BY part_no', [
      wholeId,
    ]);
    const found = await Promise.all(ids.map(({ id }) => bench().repositories.tasks.get(null, id)));
    return found.filter((each) => each !== null);
  };
  const part = async (key: string): Promise<Task> => {
    const found = (await tasks()).find((each) => each.partKey === key);
    if (found === undefined) throw new Error(`no part ${key}`);
    return found;
  };
  const end = async (key: string, kind: 'complete' | 'fail' | 'cancel') => {
    const { id } = await part(key);
    const row = await route(bench(), id);
    const delegationId = row.links.at(-1)?.delegationId ?? null;
    await order(bench(), id, { kind, delegationId, reason: 'because', result: key });
  };
  const join_ = async () => rowOf(await bench().useCases.joinParts({ taskId: wholeId }));
  const statuses = async () =>
    Object.fromEntries<string>((await tasks()).map(({ partKey, status }) => [partKey ?? '', status]));
  const whole = async () => (await bench().repositories.tasks.get(null, wholeId))!;
  return { ...tree, wholeId, split, tasks, part, end, join: join_, statuses, whole };
}

describe('a split', () => {
  it('puts every part on record once, however often the command runs (rules J1 and J4, law 3)', async () => {
    const { wholeId, split, tasks, project } = await setup(free(500));
    const before = await tasks();
    expect(before).toHaveLength(500);
    await Promise.all([split(), split(), split()]);
    expect(await tasks()).toEqual(before);
    const [rows] = await select<{ hops: number; events: number; releases: number }>(
      `SELECT (SELECT count(*)::int FROM task_delegations d JOIN tasks p ON p.id = d.task_id WHERE p.parent_task_id = $1
         AND d.delegation_type = 'decompose' AND d.source_instance_id = $2 AND d.target_instance_id = $2) AS hops,
       (SELECT count(*)::int FROM task_events e JOIN tasks p ON p.id = e.task_id WHERE p.parent_task_id = $1) AS events,
       (SELECT count(DISTINCT part_release)::int FROM tasks WHERE parent_task_id = $1) AS releases`,
      [wholeId, project.id],
    );
    expect(rows).toEqual({ hops: 500, events: 500, releases: 500 });
  }, 60_000);

  it('gives a part what was asked for, and the priority and requester of its whole (rule J1)', async () => {
    const fields = { tags: ['x'], priority: 'urgent', estimatedDuration: 5, metadata: { a: [1] } } as const;
    const { part, wholeId, project } = await setup([aSpec('a', [], fields), aSpec('b', ['a'])]);
    expect(await part('a')).toMatchObject({
      ...fields,
      ...{ title: 'do a', parentTaskId: wholeId, partDepth: 1, status: 'routing', join: null },
      ...{ entryInstanceId: project.id, instanceId: project.id, step: 0 },
    });
    expect(await part('b')).toMatchObject({ priority: 'medium', tags: [], metadata: {}, status: 'waiting' });
  });

  it('is refused at the sixth level by the rules, and by the database whoever writes (rule J4)', async () => {
    const { part, wholeId } = await setup();
    const { id } = await part('a');
    const row = await route(bench(), id);
    await bench().database.query('UPDATE tasks SET part_depth = 5 WHERE id = $1', { bind: [id] });
    const delegationId = row.links.at(-1)?.delegationId ?? null;
    const command = { kind: 'decompose', delegationId, parts: CHAIN, join: 'all' } as const;
    expect(await order(bench(), id, command)).toMatchObject({ verdict: 'conflict', code: 'task_conflict' });
    const write = (sql: string) => bench().database.query(sql, { bind: [id] });
    for (const change of [
      'part_depth = 6',
      'part_depth = 0',
      'part_key = NULL',
      "part_key = 'b'",
      'part_no = -1',
      'part_release = -1',
    ])
      await expect(write(`UPDATE tasks SET ${change} WHERE id = $1`)).rejects.toThrow();
    const join = bench().database.query("UPDATE tasks SET parts_join = 'most' WHERE id = $1", { bind: [wholeId] });
    await expect(join).rejects.toThrow();
  });

  it('ends the lease of the worker who splits, and frees the slot (rule J1)', async () => {
    const { wholeId, part } = await setup();
    const { id, instanceId } = await part('a');
    await route(bench(), id);
    const wish = { workerId: 'w', requestId: wholeId, skills: null, actor: anActor('w') };
    const claimed = await createClaimTask(bench())({ ...wish, instanceId });
    const leaseId = claimed?.lease.id ?? '';
    await order(bench(), id, { kind: 'decompose', leaseId, parts: [aSpec('deep')], join: 'all' });
    expect(await bench().repositories.leases.get(null, leaseId)).toMatchObject({ outcome: 'decomposed' });
    const again = { kind: 'decompose', leaseId, parts: [aSpec('deep')], join: 'all' } as const;
    expect(await order(bench(), id, again)).toMatchObject({ verdict: 'conflict' });
  });
});

describe('createJoinParts', () => {
  it('releases a part when what it waits for is completed, and ends the task at the last (rules J1 and J2)', async () => {
    const { end, join, statuses, whole, tasks } = await setup();
    expect((await join()).parts).toEqual({ released: 1, open: 3, isDecided: false, isDue: false });
    await end('a', 'complete');
    expect((await join()).parts).toMatchObject({ released: 2, isDue: false });
    expect(await statuses()).toEqual({ a: 'completed', b: 'routing', c: 'waiting' });
    await end('b', 'complete');
    await join();
    await end('c', 'complete');
    expect(await join()).toMatchObject({ status: 'completed' });
    const parts = (await tasks()).map(({ id, partKey }) => ({
      key: partKey,
      task_id: id,
      status: 'completed',
      result: partKey,
    }));
    expect(await whole()).toMatchObject({ status: 'completed', result: { parts }, finishedBy: 'hopper' });
  });

  it('writes nothing that was written, also when it runs many times at once (law 3)', async () => {
    const { wholeId, end, join, tasks } = await setup();
    await end('a', 'complete');
    await Promise.all(Array.from({ length: 6 }, () => join()));
    await end('b', 'complete');
    await Promise.all(Array.from({ length: 6 }, () => join()));
    await end('c', 'complete');
    await Promise.all(Array.from({ length: 6 }, () => join()));
    const ids = [wholeId, ...(await tasks()).map((each) => each.id)];
    const events = await Promise.all(ids.map((id) => bench().reads.eventsOfTask(id)));
    const types = events.flat().map((each) => each.type);
    expect(types.filter((type) => type === 'part_released')).toHaveLength(2);
    expect(events[0]!.filter(({ type }) => type === 'task_completed')).toHaveLength(1);
  });

  it('goes on with the rest where there is more to move than fits in one transaction (rule J1)', async () => {
    const { end, join } = await setup([aSpec('first'), ...free(120).map((spec) => ({ ...spec, after: ['first'] }))]);
    await end('first', 'complete');
    const seen: unknown[] = [];
    for (let row = await join(); ; row = await join()) {
      seen.push([row.parts?.released, row.parts?.isDue]);
      if (row.parts?.isDue !== true) break;
    }
    expect(seen).toEqual([
      [51, true],
      [101, true],
      [121, false],
    ]);
  });

  it('skips what waits for a part that did not complete, down the line (rule J3)', async () => {
    const { end, join, statuses, part, whole } = await setup([...CHAIN, aSpec('free')], 'best_effort');
    await end('a', 'fail');
    while ((await join()).parts?.isDue === true);
    expect(await statuses()).toEqual({ a: 'failed', b: 'cancelled', c: 'cancelled', free: 'routing' });
    expect((await part('c')).failure).toEqual({
      code: 'skipped',
      reason: 'part "b", which it waits for, is cancelled',
    });
    expect((await whole()).status).toBe('waiting');
    await end('free', 'complete');
    expect(await join()).toMatchObject({ status: 'completed' });
  });

  it('lets nothing begin once the join is decided, and waits for what runs (rule J3)', async () => {
    const { end, join, statuses } = await setup([...CHAIN, aSpec('d')], 'any');
    await end('a', 'complete');
    expect(await join()).toMatchObject({ status: 'waiting', parts: { open: 1, isDecided: true, isDue: false } });
    expect(await statuses()).toEqual({ a: 'completed', b: 'cancelled', c: 'cancelled', d: 'routing' });
    await end('d', 'cancel');
    expect(await join()).toMatchObject({ status: 'completed' });
  });

  it('cancels what has not begun when the task is cancelled (rule J3)', async () => {
    const { wholeId, join, statuses, part } = await setup();
    const cancelled = rowOf(await order(bench(), wholeId, { kind: 'cancel' }));
    expect(cancelled).toMatchObject({ status: 'cancelled', parts: { isDecided: true, isDue: true } });
    expect(await join()).toMatchObject({ status: 'cancelled', parts: { open: 1, isDue: false } });
    expect(await statuses()).toEqual({ a: 'routing', b: 'cancelled', c: 'cancelled' });
    const chain = await bench().repositories.delegations.getDelegationsForTask(null, (await part('b')).id);
    expect(chain.map((hop) => hop.status)).toEqual(['cancelled']);
  });

  it('knows no task that is gone', async () => {
    const { wholeId } = await setup();
    await bench().models.Task.destroy({ where: { id: wholeId } });
    expect(await bench().useCases.joinParts({ taskId: wholeId })).toEqual({ verdict: 'gone' });
  });
});

describe('createFindPartsToStart', () => {
  it('names those that may begin in their order, fifty at a time, without those that are over (rule J1)', async () => {
    const { wholeId, tasks, end } = await setup(free(60));
    await end('3', 'cancel');
    const find = createFindPartsToStart(bench());
    const first = await find({ taskId: wholeId, from: 0 });
    const second = await find({ taskId: wholeId, from: first.next ?? -1 });
    expect([first.next, second.next]).toEqual([50, 60]);
    const open = (await tasks()).filter((each) => each.partKey !== '3').map((each) => each.id);
    expect([...first.parts, ...second.parts].map((each) => each.id)).toEqual(open);
    expect(await find({ taskId: wholeId, from: 60 })).toEqual({ parts: [], next: null });
  });
});

describe('a part where it began', () => {
  const begun = async () => {
    const set = await setup();
    const { id } = await set.part('a');
    return { ...set, id, row: await route(bench(), id) };
  };

  it('is done there, and only its own chain is closed (rule J2)', async () => {
    const { id, end, whole } = await begun();
    await end('a', 'complete');
    const chain = await bench().repositories.delegations.getDelegationsForTask(null, id);
    expect(chain).toMatchObject([{ hop: 0, delegationType: 'decompose', status: 'completed' }]);
    expect((await whole()).status).toBe('waiting');
  });

  it('cannot be escalated: nobody is above it (rule J1)', async () => {
    const { id } = await begun();
    expect(await order(bench(), id, { kind: 'escalate', reason: 'x' })).toMatchObject({
      ...{ verdict: 'conflict', detail: expect.stringContaining('nobody is above it') },
    });
  });

  it('is decided anew there by a reroute, and its first hop stays (rule J1)', async () => {
    const { id, project } = await begun();
    await order(bench(), id, { kind: 'reroute' });
    const row = await route(bench(), id);
    expect(row).toMatchObject({ status: 'queued', holder: { id: project.id } });
    expect(row.links.map((link) => link.status)).toEqual(['accepted']);
  });

  it('can be handed on, given back to where it began, and no further (rules J1 and R4)', async () => {
    const { id, project, orchestration } = await begun();
    const named = { kind: 'reassign', targetInstanceId: orchestration.id, delegationType: 'reassign' } as const;
    await order(bench(), id, named);
    expect(await route(bench(), id)).toMatchObject({ holder: { id: orchestration.id } });
    await order(bench(), id, { kind: 'escalate', reason: 'too hard' });
    const row = await route(bench(), id);
    expect(row.holder.id).toBe(project.id);
    expect(row.links.map((link) => link.status)).toEqual(['accepted', 'cancelled', 'completed']);
    const chain = await bench().repositories.delegations.getDelegationsForTask(null, id);
    expect(chain).toHaveLength(3);
  });

  it('fails there when its attempts are used up (rules J1 and W4)', async () => {
    const { id, project } = await begun();
    const claimed = await createClaimTask(bench())({
      ...{ workerId: 'w', requestId: id, skills: null, actor: anActor('w'), instanceId: project.id },
    });
    await order(bench(), id, { kind: 'fail', leaseId: claimed?.lease.id ?? '', reason: 'no' });
    expect((await bench().repositories.tasks.get(null, id))?.status).toBe('failed');
  });
});

describe('the loads of the instances', () => {
  it('do not drift whatever becomes of parts', async () => {
    const { end, join, wholeId } = await setup([...CHAIN, aSpec('d'), aSpec('e')], 'best_effort');
    await end('a', 'complete');
    await join();
    await end('d', 'fail');
    await route(bench(), wholeId);
    const counted = await select(
      `SELECT l.instance_id FROM instance_loads l WHERE l.busy <>
         (SELECT count(*) FROM tasks t WHERE t.instance_id = l.instance_id AND (t.status IN ('queued', 'in_progress')
           OR t.status = 'blocked' AND t.blocked_on = 'question'))
         + (SELECT count(*) FROM task_delegations d WHERE d.target_instance_id = l.instance_id AND d.status = 'pending')`,
    );
    expect(counted).toEqual([]);
  });
});

describe('the check for missed writes', () => {
  const isFound = async (wholeId: string) => {
    await bench().database.query(
      `UPDATE tasks SET updated_at = now() - interval '61 seconds', confirmed_step = step WHERE id = $1`,
      { bind: [wholeId] },
    );
    const store = createSuspectStore(bench().database);
    const found = [];
    for await (const page of store.pages(15)) found.push(...page.map((each) => each.id));
    const { isOverdue } = (await store.at(wholeId))!;
    expect(found.includes(wholeId)).toBe(isOverdue);
    return isOverdue;
  };

  it('finds a waiting task whose part may begin, and none that has nothing to do (law 2)', async () => {
    const { wholeId, end, join } = await setup();
    expect(await isFound(wholeId)).toBe(false);
    await end('a', 'complete');
    expect(await isFound(wholeId)).toBe(true);
    await join();
    expect(await isFound(wholeId)).toBe(false);
  });

  it('finds one whose parts are all over (law 2)', async () => {
    const { wholeId, end, join } = await setup(free(2));
    await end('0', 'complete');
    expect(await isFound(wholeId)).toBe(false);
    await end('1', 'complete');
    expect(await isFound(wholeId)).toBe(true);
    await join();
    expect(await isFound(wholeId)).toBe(false);
  });
});
