import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delegation } from '../../src/domain/delegation.ts';
import type { DomainError } from '../../src/domain/errors.ts';
import { type TestHopper, type Tree, by, eventually, startHopper, twoHops, untilStatus } from '../support/hopper.ts';

const project = (name: string, config: Tree['config'] = {}, children: readonly Tree[] = []): Tree => ({
  name,
  scope: 'project',
  config,
  children,
});
const builds = (name: string): Tree => ({ name, scope: 'orchestration' });

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    project('auto', { capabilities: ['auto'] }, [builds('auto-a'), builds('auto-b')]),
    project('choosy', { capabilities: ['manual', 'choosy'], acceptance: 'manual' }, [builds('choosy-builds')]),
    project('careful', { capabilities: ['manual'], acceptance: 'manual' }),
    project('absent', { capabilities: ['hasty'], acceptance: 'manual', acceptance_timeout_seconds: 1 }),
  ],
};

describe('the ways of a task', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ tree: TREE });
  });
  afterAll(() => hopper.stop());

  const submitted = async (tags: string[], ...statuses: string[]): Promise<string> => {
    const { task } = await hopper.submit({ tags, estimated_duration: 240 });
    await untilStatus(hopper, task.id, ...statuses);
    return task.id;
  };
  const lastDelegation = async (taskId: string): Promise<Delegation> => {
    const { chain } = await hopper.service.tasks.chain(taskId);
    const last = chain.at(-1);
    if (last === undefined) throw new Error('nothing was delegated');
    return last;
  };
  const path = async (taskId: string): Promise<readonly string[]> => {
    const { chain } = await hopper.service.tasks.chain(taskId);
    return chain.map((link) => `${link.sourceInstance.name} > ${link.targetInstance.name}: ${link.status}`);
  };
  const refusalOf = (work: Promise<unknown>): Promise<Partial<DomainError>> =>
    work.then(
      () => ({ code: undefined, message: 'nothing was refused' }) as unknown as Partial<DomainError>,
      (error: unknown) => error as DomainError,
    );

  it('waits for a person where a project accepts by hand, and goes on when she accepts', async () => {
    const taskId = await submitted(['choosy'], 'offered');
    const offer = await lastDelegation(taskId);
    const accepted = await hopper.service.delegations.accept(offer.id, 'with pleasure', by('ana'));
    expect(accepted).toMatchObject({ status: 'accepted', decidedBy: 'ana', notes: 'with pleasure' });
    await untilStatus(hopper, taskId, 'queued');
    expect(await path(taskId)).toEqual(['global > choosy: accepted', 'choosy > choosy-builds: accepted']);
  });

  it('is offered to another project when one refuses, never again to the one that refused, and is rejected at last', async () => {
    const taskId = await submitted(['manual', 'choosy'], 'offered');
    const refused: string[] = [];
    for (let offers = 0; offers < 2; offers += 1) {
      const offer = await lastDelegation(taskId);
      refused.push(offer.targetInstanceId);
      const refusal = { reason: 'no time', code: 'busy', retryable: false };
      await hopper.service.delegations.reject(offer.id, refusal, by('ana'));
      await untilStatus(hopper, taskId, 'offered', 'queued');
    }
    expect(refused).toEqual([hopper.idOf('choosy'), hopper.idOf('careful')]);
    const { chain } = await hopper.service.tasks.chain(taskId);
    const offeredLater = chain.slice(2).map((link) => link.targetInstanceId);
    for (const id of refused) expect(offeredLater).not.toContain(id);
  });

  it('goes elsewhere when nobody answers an offer in time', async () => {
    const taskId = await submitted(['hasty'], 'queued', 'offered');
    const { chain } = await hopper.service.tasks.chain(taskId);
    expect(chain[0]?.targetInstanceId).toBe(hopper.idOf('absent'));
    await eventually(
      () => hopper.service.tasks.chain(taskId),
      (seen) => seen.chain.length > 1,
    );
    const events = (await hopper.service.tasks.events(taskId)).map((event) => event.type);
    expect(events).toContain('delegation_expired');
    const { chain: later } = await hopper.service.tasks.chain(taskId);
    expect(later[0]?.status).toBe('expired');
    expect(later[1]?.targetInstanceId).not.toBe(hopper.idOf('absent'));
  });

  it('gives the same answer to a repeat and names who decided to everybody else', async () => {
    const taskId = await submitted(['choosy'], 'offered');
    const offer = await lastDelegation(taskId);
    const refusal = { reason: 'not ours', code: null, retryable: false };
    await hopper.service.delegations.reject(offer.id, refusal, by('ana'));
    expect(await hopper.service.delegations.reject(offer.id, refusal, by('ana'))).toMatchObject({ status: 'rejected' });
    const conflict = await refusalOf(hopper.service.delegations.accept(offer.id, null, by('bob')));
    expect(conflict).toMatchObject({ code: 'delegation_conflict', message: 'delegation is rejected, by ana' });
  });

  it('climbs to the project when its holder escalates, and another orchestration gets it', async () => {
    const taskId = await submitted(twoHops('auto'), 'queued');
    const before = await lastDelegation(taskId);
    await hopper.service.tasks.command(taskId, { kind: 'escalate', reason: 'too hard' }, by('ana'));
    const task = await untilStatus(hopper, taskId, 'queued');
    const names = await path(taskId);
    expect(names).toHaveLength(4);
    expect(names[1]).toMatch(/^auto > auto-[ab]: cancelled$/);
    expect(names[2]).toMatch(/^auto-[ab] > auto: completed$/);
    expect(task.instanceId).not.toBe(before.targetInstanceId);

    await hopper.service.tasks.command(taskId, { kind: 'complete', result: 'done' }, by('bob'));
    const statuses = (await hopper.service.tasks.chain(taskId)).chain.map((link) => link.status);
    expect(statuses).toEqual(['completed', 'cancelled', 'completed', 'completed']);
  });

  it('is handed to a named instance, and leaves the hops that are not above it', async () => {
    const taskId = await submitted(twoHops('auto'), 'queued');
    const target = hopper.idOf('choosy-builds');
    const reassign = { kind: 'reassign', targetInstanceId: target, delegationType: 'reassign' } as const;
    const moved = await hopper.service.tasks.command(taskId, reassign, by('ana'));
    expect(moved.instanceId).toBe(target);
    await untilStatus(hopper, taskId, 'queued');
    const { chain } = await hopper.service.tasks.chain(taskId);
    expect(chain.map((link) => link.status)).toEqual(['cancelled', 'cancelled', 'accepted']);
    const absurd = await refusalOf(
      hopper.service.tasks.command(taskId, { ...reassign, targetInstanceId: hopper.idOf('global') }, by('ana')),
    );
    expect(absurd.code).toBe('target_not_allowed');
  });

  it('can be cancelled while it is offered, and its workflow ends with that result', async () => {
    const taskId = await submitted(['choosy'], 'offered');
    const cancelled = await hopper.service.tasks.command(taskId, { kind: 'cancel', reason: 'not needed' }, by('ana'));
    expect(cancelled).toMatchObject({ status: 'cancelled', failure: { code: 'cancelled', reason: 'not needed' } });
    expect(await lastDelegation(taskId)).toMatchObject({ status: 'cancelled' });
    const result: unknown = await hopper.temporal.workflow.getHandle(`task/${taskId}`).result();
    expect(result).toMatchObject({ taskId, status: 'cancelled' });
    const conflict = await refusalOf(hopper.service.tasks.command(taskId, { kind: 'complete' }, by('bob')));
    expect(conflict).toMatchObject({ code: 'task_conflict', message: 'task is cancelled, by ana' });
  });

  it('follows Temporal’s own cancel, and a completed one stays completed', async () => {
    const taskId = await submitted(['choosy'], 'offered');
    await hopper.temporal.workflow.getHandle(`task/${taskId}`).cancel();
    expect(await untilStatus(hopper, taskId, 'cancelled')).toMatchObject({ finishedBy: 'temporal' });
  });

  it('is completed by the holder’s delegation only', async () => {
    const taskId = await submitted(twoHops('auto'), 'queued');
    const { chain } = await hopper.service.tasks.chain(taskId);
    const [first, second] = chain;
    const early = await refusalOf(hopper.service.delegations.complete(first?.id ?? '', null, by('ana')));
    expect(early.code).toBe('delegation_conflict');
    const done = await hopper.service.delegations.complete(second?.id ?? '', { pr: 17 }, by('ana'));
    expect(done).toMatchObject({ status: 'completed', result: { pr: 17 } });
    expect(await hopper.service.delegations.complete(second?.id ?? '', { pr: 17 }, by('ana'))).toEqual(done);
    const other = await refusalOf(hopper.service.delegations.complete(second?.id ?? '', { pr: 18 }, by('bob')));
    expect(other.message).toBe('task is completed, by ana');
  });
});

describe('a command that is repeated or comes early', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ tree: TREE });
  });
  afterAll(() => hopper.stop());

  it('completes a task by its id at once after the submission, wherever it is by then', async () => {
    const finals = Array.from({ length: 20 }, async () => {
      const { task } = await hopper.submit({ tags: twoHops('auto'), estimated_duration: 240 });
      return (await hopper.service.tasks.command(task.id, { kind: 'complete' }, by())).status;
    });
    expect(new Set(await Promise.all(finals))).toEqual(new Set(['completed']));
  });

  it('is answered anew when an earlier "no" to the same request no longer holds (law 8)', async () => {
    const { task } = await hopper.submit({ tags: ['choosy'] });
    await untilStatus(hopper, task.id, 'offered');
    const complete = () =>
      hopper.service.tasks.command(task.id, { kind: 'complete', result: 1 }, by('ana', 'the same key'));
    await expect(complete()).rejects.toMatchObject({ code: 'task_conflict' });
    const { chain } = await hopper.service.tasks.chain(task.id);
    await hopper.service.delegations.accept(chain.at(-1)?.id ?? '', null, by());
    await untilStatus(hopper, task.id, 'queued');
    expect(await complete()).toMatchObject({ status: 'completed' });
    expect(await complete()).toMatchObject({ status: 'completed' });
  });

  it('is another request when the same key comes with another body', async () => {
    const { task } = await hopper.submit({ tags: ['choosy'] });
    const patch = (priority: 'low' | 'urgent') =>
      hopper.service.tasks.patch(task.id, { priority }, by('ana', 'the same key'));
    expect(await patch('low')).toMatchObject({ priority: 'low' });
    expect(await patch('urgent')).toMatchObject({ priority: 'urgent' });
  });
});
