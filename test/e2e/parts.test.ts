import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DecomposeBody, type DecomposeInput } from '../../src/domain/parts/part.schema.ts';
import { ClaimBody } from '../../src/domain/lease.schema.ts';
import type { Task } from '../../src/domain/task.ts';
import { type TestHopper, type Tree, by, eventually, startHopper, untilStatus } from '../support/hopper.ts';

const UNHURRIED = new AbortController().signal;

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    { name: 'plain', scope: 'project', config: { capabilities: ['plain'] } },
    { name: 'splitting', scope: 'project', config: { capabilities: ['splitting'], decompose_subtasks: true } },
    {
      name: 'crowded',
      scope: 'project',
      config: { capabilities: ['crowded'], complexity_threshold: 0 },
      children: [{ name: 'ten-slots', scope: 'orchestration', config: { max_concurrent_tasks: 10 } }],
    },
  ],
};

describe('a task that is split', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ tree: TREE, worker: { sweepEveryMs: 200, rereadEveryMs: 500 } });
  });
  afterAll(() => hopper.stop());

  const get = (taskId: string) => hopper.service.tasks.get(taskId);
  const partsOf = async (taskId: string): Promise<ReadonlyMap<string, Task>> => {
    const { items } = await hopper.service.tasks.list({ parent_task_id: taskId, limit: 200 });
    return new Map(items.map((part) => [part.partKey ?? '', part]));
  };
  const partNamed = async (taskId: string, key: string): Promise<Task> => {
    const part = (await partsOf(taskId)).get(key);
    if (part === undefined) throw new Error(`no part ${key}`);
    return part;
  };
  const reaches = async (taskId: string, key: string, status: string) =>
    untilStatus(hopper, (await partNamed(taskId, key)).id, status);
  const queued = async (tag = 'plain', fields: object = {}) => {
    const { task } = await hopper.submit({ tags: [tag], ...fields });
    await untilStatus(hopper, task.id, 'queued');
    return task.id;
  };
  const split = async (taskId: string, body: DecomposeInput) => {
    const { parts, join } = DecomposeBody.parse(body);
    return hopper.service.tasks.command(taskId, { kind: 'decompose', parts, join }, by());
  };
  const complete = async (taskId: string, key: string, result: string) => {
    await reaches(taskId, key, 'queued');
    await hopper.service.tasks.command((await partNamed(taskId, key)).id, { kind: 'complete', result }, by());
  };

  it('waits for its parts in their order, and its result collects theirs', async () => {
    const taskId = await queued();
    const parts = [
      { title: 'build', key: 'build' },
      { title: 'ship', key: 'ship', after: ['build'] },
    ];
    expect(await split(taskId, { parts })).toMatchObject({ status: 'waiting', join: 'all' });
    expect((await partNamed(taskId, 'ship')).status).toBe('waiting');
    await complete(taskId, 'build', 'built');
    await complete(taskId, 'ship', 'shipped');
    await untilStatus(hopper, taskId, 'completed');
    const [build, ship] = [await partNamed(taskId, 'build'), await partNamed(taskId, 'ship')];
    expect((await get(taskId)).result).toEqual({
      parts: [
        { key: 'build', task_id: build.id, status: 'completed', result: 'built' },
        { key: 'ship', task_id: ship.id, status: 'completed', result: 'shipped' },
      ],
    });
    const { chain } = await hopper.service.tasks.chain(build.id);
    expect(chain).toMatchObject([{ hop: 0, delegationType: 'decompose', status: 'completed' }]);
    expect((await hopper.service.tasks.chain(taskId)).chain.map((hop) => hop.status)).toEqual(['completed']);
  });

  it('fails with the first part that fails; the rest is cancelled, and what waited is skipped', async () => {
    const taskId = await queued();
    const parts = [
      { title: 'a', key: 'a' },
      { title: 'b', key: 'b' },
      { title: 'c', key: 'c', after: ['a'] },
    ];
    await split(taskId, { parts });
    await reaches(taskId, 'a', 'queued');
    await reaches(taskId, 'b', 'queued');
    await hopper.service.tasks.command((await partNamed(taskId, 'a')).id, { kind: 'fail', reason: 'no' }, by());
    await untilStatus(hopper, taskId, 'failed');
    expect((await get(taskId)).failure).toEqual({ code: 'parts_failed', reason: 'part "a" failed' });
    const ends = [...(await partsOf(taskId)).values()].map(({ partKey, status }) => [partKey, status]);
    expect(Object.fromEntries(ends)).toEqual({ a: 'failed', b: 'cancelled', c: 'cancelled' });
  });

  it('with join any ends with the first that completes; the rest is cancelled before', async () => {
    const taskId = await queued();
    await split(taskId, {
      parts: [
        { title: 'a', key: 'a' },
        { title: 'b', key: 'b' },
      ],
      join: 'any',
    });
    await reaches(taskId, 'b', 'queued');
    await complete(taskId, 'a', 'first');
    await untilStatus(hopper, taskId, 'completed');
    expect((await partNamed(taskId, 'b')).status).toBe('cancelled');
  });

  it('takes its parts along when it is cancelled, at every depth, also those that never began', async () => {
    const taskId = await queued();
    await split(taskId, {
      parts: [
        { title: 'a', key: 'a' },
        { title: 'b', key: 'b', after: ['a'] },
      ],
    });
    await reaches(taskId, 'a', 'queued');
    const { id } = await partNamed(taskId, 'a');
    await split(id, { parts: [{ title: 'deeper', key: 'deeper' }] });
    await reaches(id, 'deeper', 'queued');
    await hopper.service.tasks.command(taskId, { kind: 'cancel', reason: 'not needed' }, by());
    for (const [whole, key] of [
      [taskId, 'a'],
      [taskId, 'b'],
      [id, 'deeper'],
    ] as const)
      await reaches(whole, key, 'cancelled');
    expect(await get(taskId)).toMatchObject({ status: 'cancelled' });
    await eventually(
      () => hopper.temporal.workflow.getHandle(`task/${taskId}`).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
  });

  it('by policy becomes one part for each of its subtasks', async () => {
    const subtasks = ['one', { title: 'two', after: ['1'], estimated_duration: 5 }];
    const { task } = await hopper.submit({ tags: ['splitting'], metadata: { subtasks } });
    await untilStatus(hopper, task.id, 'waiting');
    expect(await hopper.service.tasks.decisions(task.id)).toMatchObject([
      {},
      { action: 'decompose', strategy: 'subtasks' },
    ]);
    await complete(task.id, '1', 'x');
    await complete(task.id, '2', 'y');
    await untilStatus(hopper, task.id, 'completed');
  });

  it('holds no slot: ten of them on ten slots finish', async () => {
    const place = hopper.idOf('ten-slots');
    const wholes = await Promise.all(Array.from({ length: 10 }, () => queued('crowded', { estimated_duration: 60 })));
    const claim = async () => {
      const body = ClaimBody.parse({ worker_id: 'w', request_id: randomUUID(), wait_seconds: 20 });
      const claimed = await hopper.service.leases.claim(place, body, by(), UNHURRIED);
      if (claimed === null) throw new Error('nothing was claimed');
      return claimed;
    };
    const { leases } = hopper.service;
    const held = await Promise.all(wholes.map(() => claim()));
    const { parts, join } = DecomposeBody.parse({ parts: [{ title: 'half' }, { title: 'other half' }] });
    await Promise.all(held.map(({ lease, token }) => leases.decompose(lease.id, token, { parts, join })));
    for (let done = 0; done < 20; done += 1) {
      const { task, lease, token } = await claim();
      expect(wholes).toContain(task.parentTaskId);
      await leases.complete(lease.id, token, { result: done, output: null });
    }
    for (const whole of wholes) await untilStatus(hopper, whole, 'completed');
    const [attempt] = await leases.attempts(wholes[0]!);
    expect(attempt).toMatchObject({ outcome: 'decomposed' });
  }, 90_000);
});
