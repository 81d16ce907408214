import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createGiveBack } from '../../src/use-cases/give-back.ts';
import { aPolicy, anActor } from '../support/builders.ts';
import { COMPLEX, aBench, order, plantTree, route, submit } from './setup.ts';

const CREATES = { global: { auto_create_projects: true }, project: { auto_create_orchestrations: true } };
const bench = aBench(aPolicy(CREATES));
const worker = anActor('w1');

/** Every worker fails at it, wherever it goes, until it has ended; answers how often it was tried. */
async function tryUntilItEnds(taskId: string): Promise<number> {
  const giveBack = createGiveBack(bench());
  for (let attempts = 0; ; attempts += 1) {
    const { status, holder } = await route(bench(), taskId);
    if (status !== 'queued') return attempts;
    await bench().database.query('UPDATE tasks SET available_at = NULL WHERE id = $1', { bind: [taskId] });
    const wish = { instanceId: holder.id, workerId: 'w1', requestId: randomUUID(), skills: null, actor: worker };
    const { lease } = (await createClaimTask(bench())(wish))!;
    if ((await giveBack.fail(lease, worker, 'poison')) === 'done') continue;
    await order(bench(), taskId, { kind: 'fail', leaseId: lease.id, reason: 'poison' }, { by: worker });
  }
}

const liveInstances = () => bench().models.Instance.count();

describe('a task at which every worker fails', () => {
  it('ends failed once nobody is left, and breeds no instances though creation is on (rules W4, R7 and C1)', async () => {
    const { global } = await plantTree(bench());
    const before = await liveInstances();
    const taskId = await submit(bench(), global, COMPLEX);
    expect(await tryUntilItEnds(taskId)).toBe(8);
    expect(await bench().repositories.tasks.get(null, taskId)).toMatchObject({
      status: 'failed',
      failure: { code: 'unroutable' },
      totalAttempts: 8,
    });
    expect(await liveInstances()).toBe(before);
    const leases = await bench().repositories.leases.ofTask(taskId);
    expect(leases.every(({ outcome, workerId }) => outcome === 'failed' && workerId === 'w1')).toBe(true);
    const climbs = (await bench().reads.eventsOfTask(taskId)).filter(({ type }) => type === 'task_escalated');
    expect(climbs).toMatchObject([{ actor: { name: 'w1' } }, { actor: { name: 'w1' } }]);
    for (const { data } of climbs) expect(data['reason']).toMatch(/^no attempts left here: poison/);
  });

  it('ends failed after max_total_attempts, wherever it is then (rules W4 and C1)', async () => {
    const { global } = await plantTree(bench(), { project: { max_total_attempts: 6 } });
    const before = await liveInstances();
    const taskId = await submit(bench(), global, COMPLEX);
    expect(await tryUntilItEnds(taskId)).toBe(6);
    expect(await bench().repositories.tasks.get(null, taskId)).toMatchObject({
      status: 'failed',
      finishedBy: 'w1',
      failure: { code: 'too_many_attempts', reason: 'poison (attempt 6 of 6)' },
    });
    expect(await liveInstances()).toBe(before);
  });

  it('that nobody has tried is rejected, not failed (rule R7)', async () => {
    const { global, project } = await plantTree(bench());
    await bench().models.Instance.update({ status: 'paused' }, { where: { id: project.id } });
    const taskId = await submit(bench(), global);
    expect(await route(bench(), taskId)).toMatchObject({ status: 'rejected', failure: { code: 'unroutable' } });
  });
});
