import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../../src/domain/task.ts';
import { type TestHopper, by, eventually, plant, startHopper, untilStatus } from '../support/hopper.ts';

const QUICK = { policyEveryMs: 50, heldEveryMs: 50 };

function aPolicyFile(text: string): { path: string; write: (text: string) => void } {
  const path = join(mkdtempSync(join(tmpdir(), 'hopper-policy-')), 'policy.yaml');
  const write = (content: string) => {
    writeFileSync(path, content);
  };
  write(text);
  return { path, write };
}

const project = (name: string) =>
  ({ name, scope: 'project', children: [{ name: `${name}-builds`, scope: 'orchestration' }] }) as const;

describe('a policy file that changes under a running worker', () => {
  const file = aPolicyFile('project: { complexity_threshold: 3 }');
  let hopper: TestHopper;
  beforeAll(async () => {
    const tree = { name: 'global', scope: 'global', children: [project('only')] } as const;
    hopper = await startHopper({ tree, env: { HOPPER_CONFIG: file.path }, worker: QUICK });
  });
  afterAll(() => hopper.stop());

  const hashInForce = async () => (await hopper.service.policy.inForce()).hash;
  const decidedBy = async (): Promise<{ at: string; hashes: Set<string> }> => {
    const { task } = await hopper.submit({ estimated_duration: 60 });
    const { instanceId } = await untilStatus(hopper, task.id, 'queued');
    const decisions = await hopper.service.tasks.decisions(task.id);
    return { at: instanceId, hashes: new Set(decisions.map(({ policyHash }) => policyHash)) };
  };

  it('decides the next task by the new policy, without a restart (rule Y4)', async () => {
    const first = await hashInForce();
    expect(await decidedBy()).toEqual({ at: hopper.idOf('only'), hashes: new Set([first]) });
    file.write('project: { complexity_threshold: 0 }');
    const second = await eventually(hashInForce, (hash) => hash !== first);
    expect(await decidedBy()).toEqual({ at: hopper.idOf('only-builds'), hashes: new Set([second]) });
    expect((await hopper.service.policy.get(first)).text).toBe('project: { complexity_threshold: 3 }');
  });

  it('keeps the old policy while the file is bad, and shows what is wrong with it (rule Y4)', async () => {
    const before = await hashInForce();
    file.write('project:\n  complexity_threshold: many\n');
    const { refused } = await eventually(
      () => hopper.service.policy.inForce(),
      (seen) => seen.refused !== null,
    );
    expect(refused?.problem).toContain(`${file.path}:2:3`);
    expect(await decidedBy()).toEqual({ at: hopper.idOf('only-builds'), hashes: new Set([before]) });
  });

  it('a second worker with another file that is new here changes it for both; one with an old file does not (rule Y4)', async () => {
    await hopper.stopWorkers();
    file.write('project: { complexity_threshold: 3 }');
    const before = await hashInForce();
    await hopper.startWorker(QUICK);
    expect(await hashInForce()).toBe(before);
    await hopper.stopWorkers();
    file.write('project: { complexity_threshold: 2 }');
    await hopper.startWorker(QUICK);
    expect(await hashInForce()).not.toBe(before);
  });
});

describe('held tasks', () => {
  const file = aPolicyFile('global: { on_unroutable: reject }');
  let hopper: TestHopper;
  beforeAll(async () => {
    const tree = { name: 'global', scope: 'global', config: { on_unroutable: 'hold' } } as const;
    hopper = await startHopper({ tree, env: { HOPPER_CONFIG: file.path }, worker: QUICK });
    await hopper.startWorker(QUICK); // of several workers each does the same: one command is carried out
  });
  afterAll(() => hopper.stop());

  const aGlobal = async (name: string, config = {}): Promise<string> => {
    const ids = await plant(
      hopper.service,
      { name, scope: 'global', config: { on_unroutable: 'hold', ...config } },
      null,
    );
    return ids.get(name) ?? '';
  };
  const heldAt = async (instanceId: string): Promise<Task> => {
    const { task } = await hopper.submit({ instance_id: instanceId });
    const held = await untilStatus(hopper, task.id, 'blocked');
    expect(held.blockedOn).toBe('held');
    return held;
  };
  const eventsOf = async (taskId: string) => (await hopper.service.tasks.events(taskId)).map(({ type }) => type);
  const startProject = (parentId: string) => plant(hopper.service, { name: 'new', scope: 'project' }, parentId);
  const HELD = ['task_submitted', 'task_held'];

  it('are decided anew when somebody who can take them starts, once (rule R9)', async () => {
    const global = await aGlobal('starts');
    const { id } = await heldAt(global);
    await startProject(global);
    await untilStatus(hopper, id, 'queued');
    const events = await hopper.service.tasks.events(id);
    expect(events.map(({ type }) => type)).toEqual([...HELD, 'task_rerouted', 'task_delegated', 'task_queued']);
    expect(events[2]).toMatchObject({
      actor: { name: 'hopper', role: 'system' },
      data: { reason: 'the policy or the instances have changed' },
    });
  });

  it('are decided anew when the policy file changes so that they can be taken (rule R9)', async () => {
    const { id } = await heldAt(await aGlobal('creates'));
    file.write('global: { auto_create_projects: true }');
    await untilStatus(hopper, id, 'queued');
    expect(await eventsOf(id)).toEqual([...HELD, 'task_rerouted', 'task_delegated', 'task_queued']);
  });

  it('have nothing written about them by changes that do not help them (rule R9)', async () => {
    const off = { auto_create_projects: false };
    const [alone, helped, later] = [
      await aGlobal('alone', off),
      await aGlobal('helped', off),
      await aGlobal('later', off),
    ];
    const { id } = await heldAt(alone);
    for (const global of [helped, later]) {
      const other = await heldAt(global);
      await startProject(global);
      // Held tasks are looked through in the order of their ids: when the second is released, the first was looked at.
      await untilStatus(hopper, other.id, 'queued');
    }
    expect([await eventsOf(id), (await hopper.service.tasks.get(id)).step]).toEqual([HELD, 1]);
  });

  it('get a workflow first if theirs was never started (rule R9)', async () => {
    const global = await aGlobal('without workflow', { auto_create_projects: false });
    const id = randomUUID();
    const insert = `INSERT INTO tasks (id, title, status, blocked_on, entry_instance_id, instance_id, step)
      VALUES ($1, 'held', 'blocked', 'held', $2, $2, 1)`;
    await hopper.sql.query(insert, { bind: [id, global] });
    await startProject(global);
    await untilStatus(hopper, id, 'queued');
    expect(await eventsOf(id)).toEqual(['task_rerouted', 'task_delegated', 'task_queued']);
  });

  it('stay where they are while their Global is stopped (rule R9)', async () => {
    const global = await aGlobal('stops', { auto_create_projects: false });
    const { id } = await heldAt(global);
    await hopper.sql.query(`UPDATE hopper_instances SET status = 'stopped', updated_at = now() WHERE id = $1`, {
      bind: [global],
    });
    const other = await aGlobal('goes on', { auto_create_projects: false });
    const { id: next } = await heldAt(other);
    await startProject(other);
    await untilStatus(hopper, next, 'queued');
    expect(await eventsOf(id)).toEqual(HELD);
    await hopper.service.instances.move(global, 'start', by());
    await startProject(global);
    await untilStatus(hopper, id, 'queued');
  });
});
