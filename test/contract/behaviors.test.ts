import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadBehaviors } from '../../src/behaviors/load-behaviors.ts';
import { aPolicy } from '../support/builders.ts';
import { aBench, order, plant, plantTree, route, rowOf, submit } from './setup.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/behaviors/customer-first.ts', import.meta.url));
const COMPLEX = { tags: ['complex'], estimatedDuration: 300, metadata: { subtasks: ['a'] } };
const folder = mkdtempSync(join(tmpdir(), 'hopper-behaviors-'));
writeFileSync(
  join(folder, 'moody.ts'),
  `export const behavior = {
    handleIncomingTask(task) {
      if (task.title === 'throws') throw new Error('out of ideas');
      if (task.title === 'promises') return Promise.reject(new Error('later'));
      if (task.title === 'delegates') return { action: 'delegate', targetId: 'x', reason: 'r', strategy: 's', candidates: [] };
      return { action: 'queue', reason: 'mine\\0', strategy: 'custom', candidates: [] };
    },
    onTaskCompleted(task) { throw new Error('no report'); },
  };`,
);
const { factory, problems } = await loadBehaviors({ project: EXAMPLE, orchestration: './moody.ts' }, folder);
const bench = aBench(aPolicy(), factory);

describe('behaviours from modules', () => {
  it('can all be used', () => {
    expect(problems).toEqual([]);
  });

  it('decide where a task goes (rule F1)', async () => {
    const { global, project, orchestration } = await plantTree(bench());
    await plant(bench(), { scope: 'orchestration', parentId: project.id, config: { capabilities: ['complex'] } });
    const kept = await submit(bench(), global, { ...COMPLEX, tags: ['complex', 'customer-x'] });
    expect(await route(bench(), kept)).toMatchObject({ status: 'queued', holder: { id: project.id } });
    expect((await bench().repositories.decisions.ofTask(kept)).at(-1)).toMatchObject({
      action: 'execute',
      strategy: 'customer',
      reason: 'customer-x is served here',
    });
    const others = [await submit(bench(), project, COMPLEX), await submit(bench(), project, COMPLEX)];
    const holders = [];
    for (const taskId of others) holders.push((await route(bench(), taskId)).holder.id);
    expect(new Set(holders)).toContain(orchestration.id);
    expect(new Set(holders).size).toBe(2); // the first made its orchestration busy
    expect((await bench().repositories.decisions.ofTask(others[0] ?? ''))[0]).toMatchObject({
      strategy: 'fewest_open',
    });
  });

  it.each([
    ['throws', 'the orchestration behaviour fails: out of ideas'],
    ['promises', 'the orchestration behaviour answers nonsense: it is a promise'],
    ['delegates', 'the orchestration behaviour answers nonsense: action "delegate" is not one of'],
  ])('that fail hold the task, and say why: one that %s (rule F2)', async (title, words) => {
    const { orchestration } = await plantTree(bench());
    const taskId = await submit(bench(), orchestration, { title });
    expect(await route(bench(), taskId)).toMatchObject({ status: 'blocked', blockedOn: 'held' });
    const [decision] = await bench().repositories.decisions.ofTask(taskId);
    expect(decision).toMatchObject({ strategy: 'behavior_failed', reason: expect.stringContaining(words) });
    const held = (await bench().reads.eventsOfTask(taskId)).at(-1);
    expect(held).toMatchObject({ type: 'task_held', data: { reason: expect.stringContaining(words) } });
    const other = await submit(bench(), orchestration, { title: 'goes on' });
    expect(await route(bench(), other)).toMatchObject({ status: 'queued' });
  });

  it('that fail at a completion do not stop it; their failure is on record (rules B5 and F2)', async () => {
    const { orchestration } = await plantTree(bench());
    const taskId = await submit(bench(), orchestration);
    await route(bench(), taskId);
    const done = await order(bench(), taskId, { kind: 'complete', result: { ok: true } });
    expect(rowOf(done).status).toBe('completed');
    const problem = 'the orchestration behaviour fails: no report';
    expect((await bench().reads.eventsOfTask(taskId)).at(-1)).toMatchObject({
      type: 'task_completed',
      data: { bubble: [{ instance_id: orchestration.id, problem }] },
    });
  });
});
