import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HopperClient } from '../../src/client/hopper-client.ts';
import { eventually } from '../support/hopper.ts';
import { type RunningUp, startUp } from './support/up-process.ts';

const TASKS = 12;

describe('the whole stack', () => {
  let dataDir: string;
  let up: RunningUp;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hopper-chaos-up-'));
    up = await startUp(dataDir);
  });
  afterEach(async () => {
    await up.interrupt();
    await rm(dataDir, { recursive: true, force: true });
  });

  const client = (): HopperClient => new HopperClient({ url: up.facts.http_url });
  const openTasks = async () => (await client().tasks.list({ limit: 100 })).items;

  it('loses nothing, does nothing twice and leaves nothing stuck when all of it is killed with tasks in flight', async () => {
    const submitted = await Promise.all(
      Array.from({ length: TASKS }, async (_, index) => {
        const tags = index % 3 === 0 ? ['security'] : ['frontend', 'complex'];
        return client().tasks.submit({ title: `task ${String(index)}`, tags, estimated_duration: 240 });
      }),
    );
    up.killAll();
    up = await startUp(dataDir);

    const ids = submitted.map((task) => task.id).sort();
    const settled = await eventually(
      openTasks,
      (tasks) => tasks.every((task) => ['queued', 'offered'].includes(task.status)),
      90_000,
    );
    expect(settled.map((task) => task.id).sort()).toEqual(ids);

    const [offers, queued] = [
      settled.filter((task) => task.status === 'offered'),
      settled.filter((task) => task.status === 'queued'),
    ];
    expect([offers.length, queued.length]).toEqual([TASKS / 3, (TASKS / 3) * 2]);
    for (const task of offers) {
      const { chain } = await client().tasks.chain(task.id);
      await client().delegations.accept(chain.at(-1)?.id ?? '', {});
    }
    await eventually(openTasks, (tasks) => tasks.every((task) => task.status === 'queued'));
    for (const id of ids)
      expect(await client().tasks.complete(id, { result: { ok: true } })).toMatchObject({ status: 'completed' });
    for (const id of ids) {
      const types = (await client().tasks.events(id)).items.map((event) => event.type);
      expect(types.filter((type) => type === 'task_submitted' || type === 'task_completed')).toHaveLength(2);
      expect(new Set((await client().tasks.chain(id)).chain.map((link) => link.hop)).size).toBe(
        (await client().tasks.chain(id)).chain.length,
      );
    }
  });

  it('is as it was after Ctrl-C and another start', async () => {
    const { id } = await client().tasks.submit({ title: 'kept', tags: ['security'] });
    const before = await eventually(
      () => client().tasks.get(id),
      (task) => task.status === 'offered',
    );
    expect(await up.interrupt()).toBe(0);
    up = await startUp(dataDir);
    expect(await client().tasks.get(id)).toEqual(before);
    const { chain } = await client().tasks.chain(id);
    await client().delegations.accept(chain.at(-1)?.id ?? '', {});
    await eventually(
      () => client().tasks.get(id),
      (task) => task.status === 'queued',
    );
  });
});
