import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DelegationStatus } from '../../src/domain/delegation.ts';
import type { DomainError } from '../../src/domain/errors.ts';
import type { DelegationMove } from '../../src/domain/change.ts';
import type { Json } from '../../src/domain/json.ts';
import { NOW, secondsLater } from '../support/builders.ts';
import { aBench, plantTree, submit, within } from './setup.ts';

const bench = aBench();

/** A task at the Global with its delegations, made with the repository alone. */
async function setup() {
  const { database, repositories } = bench();
  const { delegations } = repositories;
  const tree = await plantTree(bench());
  const taskId = await submit(bench(), tree.global);
  let hop = 0;
  const create = (from: { id: string }, to: { id: string }, fields: { status?: 'pending' | 'accepted' } = {}) =>
    within({ database }, (transaction) => {
      const ends = { sourceInstanceId: from.id, targetInstanceId: to.id };
      return delegations.create(transaction, { id: randomUUID(), taskId, hop: hop++, ...ends, ...fields }, NOW);
    });
  const accept = (id: string, by = 'ana') =>
    within({ database }, (transaction) => delegations.accept(transaction, id, by, secondsLater(1)));
  const reject = (id: string, by = 'ana') =>
    within({ database }, (transaction) => delegations.reject(transaction, id, by, 'not ours', secondsLater(1)));
  const complete = (id: string, result: Json = null) =>
    within({ database }, (transaction) => delegations.complete(transaction, id, result, secondsLater(2)));
  const moveTo = (id: string, to: DelegationStatus) =>
    within({ database }, (transaction) => delegations.move(transaction, { id, to }, secondsLater(1)));
  return { ...tree, taskId, delegations, create, accept, reject, complete, moveTo };
}

type Setup = Awaited<ReturnType<typeof setup>>;

/** The specification's fixture: a delegation chain Global → Project → Orchestration. */
async function delegationWithChain({ create, accept, global, project, orchestration }: Setup) {
  const d1 = await create(global, project);
  await accept(d1.id);
  const d2 = await create(project, orchestration);
  await accept(d2.id);
  return [d1, d2] as const;
}

describe('DelegationRepository.moveAll', () => {
  it('writes a null that a move gives, and keeps what it leaves out', async () => {
    const { delegations, create, global, project } = await setup();
    const { id } = await create(global, project);
    const move = (given: Omit<DelegationMove, 'id'>, at: number) =>
      within(bench(), (transaction) => delegations.move(transaction, { id, ...given }, secondsLater(at)));
    await move({ to: 'accepted', decidedBy: 'ana', notes: 'with pleasure' }, 1);
    const done = await move({ to: 'completed', notes: null, result: { pr: 17 } }, 2);
    expect(done).toMatchObject({ status: 'completed', decidedBy: 'ana', notes: null, result: { pr: 17 } });
  });
});

describe('DelegationRepository.getDelegationChain', () => {
  it('retrieves the full delegation chain', async () => {
    const given = await setup();
    const [d1, d2] = await delegationWithChain(given);
    const chain = await given.delegations.getDelegationChain(null, d1.taskId);
    expect(chain).toHaveLength(2);
    expect(chain[0]?.sourceInstanceId).toBe(d1.sourceInstanceId);
    expect(chain[1]?.targetInstanceId).toBe(d2.targetInstanceId);
  });

  it('brings the instances at both ends, in hop order whatever the times say (rule D2)', async () => {
    const given = await setup();
    const [, d2] = await delegationWithChain(given);
    await bench().models.Delegation.update({ delegatedAt: secondsLater(-9_000) }, { where: { id: d2.id } });
    const { global, project, orchestration } = given;
    expect(await given.delegations.getDelegationChain(null, given.taskId)).toMatchObject([
      { hop: 0, sourceInstance: { name: global.name, scope: 'global' }, targetInstance: { id: project.id } },
      { hop: 1, sourceInstance: { id: project.id }, targetInstance: { name: orchestration.name }, reason: null },
    ]);
  });

  it('is empty for a task that was never delegated, and for none', async () => {
    const { delegations, taskId } = await setup();
    expect(await delegations.getDelegationChain(null, taskId)).toEqual([]);
    expect(await delegations.getDelegationChain(null, randomUUID())).toEqual([]);
  });
});

describe('DelegationRepository.create', () => {
  it('makes a pending route from now on, unless told otherwise', async () => {
    const { create, global, project, taskId } = await setup();
    expect(await create(global, project)).toEqual({
      id: expect.any(String),
      taskId,
      hop: 0,
      sourceInstanceId: global.id,
      targetInstanceId: project.id,
      delegationType: 'route',
      status: 'pending',
      delegatedAt: NOW,
      acceptedAt: null,
      completedAt: null,
      expiresAt: null,
      decidedBy: null,
      rejectionCode: null,
      retryable: false,
      result: null,
      notes: null,
    });
  });

  it('answers plain objects that nobody can change', async () => {
    const { create, global, project } = await setup();
    expect(Object.isFrozen(await create(global, project))).toBe(true);
  });
});

describe('DelegationRepository.getById', () => {
  it('finds a delegation as it was created, and null where there is none', async () => {
    const { create, delegations, global, project } = await setup();
    const created = await create(global, project);
    expect(await delegations.getById(null, created.id)).toEqual(created);
    expect(await delegations.getById(null, randomUUID())).toBeNull();
  });
});

describe('DelegationRepository.getDelegationsForTask', () => {
  it('finds the delegations of this task alone, in hop order', async () => {
    const given = await setup();
    const [d1, d2] = await delegationWithChain(given);
    await delegationWithChain(await setup());
    const found = await given.delegations.getDelegationsForTask(null, given.taskId);
    expect(found.map((each) => each.id)).toEqual([d1.id, d2.id]);
  });
});

describe('DelegationRepository.getPendingDelegations', () => {
  it('finds what waits for a decision at an instance', async () => {
    const { create, accept, delegations, global, project } = await setup();
    const offer = await create(global, project);
    expect(await delegations.getPendingDelegations(null, project.id)).toEqual([offer]);
    expect(await delegations.getPendingDelegations(null, global.id)).toEqual([]);
    await accept(offer.id);
    expect(await delegations.getPendingDelegations(null, project.id)).toEqual([]);
  });
});

describe('DelegationRepository.accept', () => {
  it('remembers who and when', async () => {
    const { create, accept, global, project } = await setup();
    const offer = await create(global, project);
    expect(await accept(offer.id)).toEqual({
      ...offer,
      status: 'accepted',
      decidedBy: 'ana',
      acceptedAt: secondsLater(1),
    });
  });

  it('lets one of two that come at once win; the other hears who was first (rule D1)', async () => {
    const { create, accept, global, project } = await setup();
    const { id } = await create(global, project);
    const both = await Promise.allSettled([accept(id, 'ana'), accept(id, 'bob')]);
    const winners = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value.decidedBy] : []));
    const losers = both.flatMap((each) => (each.status === 'rejected' ? [each.reason as DomainError] : []));
    expect(winners).toHaveLength(1);
    expect(losers).toMatchObject([{ code: 'delegation_conflict', message: expect.stringContaining(winners[0]!) }]);
  });
});

describe('DelegationRepository.reject', () => {
  it('keeps the reason in the notes, as specified', async () => {
    const { create, reject, global, project } = await setup();
    const { id } = await create(global, project);
    expect(await reject(id)).toMatchObject({ status: 'rejected', notes: 'not ours', decidedBy: 'ana' });
  });
});

describe('DelegationRepository.complete', () => {
  const results: Json[] = [
    'text',
    '',
    'Grüße 世界 👩🏽‍💻',
    42,
    -0.5,
    0,
    true,
    false,
    null,
    [],
    {},
    [1, 'a', null, { b: [] }],
    { a: { 'ü"\\': '\n' } },
  ];

  it.each(results)('gives the result %j back as it was', async (result) => {
    const { create, accept, complete, delegations, global, project } = await setup();
    const { id } = await create(global, project);
    await accept(id);
    expect(await complete(id, result)).toMatchObject({ status: 'completed', completedAt: secondsLater(2) });
    expect((await delegations.getById(null, id))?.result).toEqual(result);
  });
});

describe('DelegationRepository.move', () => {
  const deeds = ['accept', 'reject', 'complete'] as const;

  it.each([
    ['accepted', 'accept'],
    ['accepted', 'reject'],
    ['rejected', 'accept'],
    ['rejected', 'reject'],
    ['rejected', 'complete'],
    ['completed', 'accept'],
    ['completed', 'reject'],
    ['completed', 'complete'],
  ] as const)(
    'refuses, of a delegation that is %s, to %s it, naming the state and who decided (rule D1)',
    async (state, deed) => {
      const given = await setup();
      const { id } = await given.create(given.global, given.project);
      await (state === 'rejected' ? given.reject(id) : given.accept(id));
      if (state === 'completed') await given.complete(id);
      await expect(given[deed](id, 'bob')).rejects.toMatchObject({
        name: 'DomainError',
        code: 'delegation_conflict',
        message: expect.stringContaining(`delegation is ${state}, by ana`),
      });
    },
  );

  it.each(['expired', 'cancelled'] as const)(
    'refuses every deed on a delegation that is %s (rule D1)',
    async (state) => {
      const given = await setup();
      const { id } = await given.create(given.global, given.project);
      const ended = await given.moveTo(id, state);
      for (const deed of deeds) {
        await expect(given[deed](id)).rejects.toThrow(`delegation is ${state}`);
      }
      expect(await given.delegations.getById(null, id)).toEqual(ended);
    },
  );

  it('refuses to complete what nobody accepted', async () => {
    const { create, complete, global, project } = await setup();
    const { id } = await create(global, project);
    await expect(complete(id)).rejects.toMatchObject({
      code: 'delegation_conflict',
      message: expect.stringContaining('delegation is pending'),
    });
  });

  it.each(deeds)('says so if there is nothing to %s', async (deed) => {
    const given = await setup();
    await expect(given[deed](randomUUID())).rejects.toMatchObject({ code: 'delegation_not_found' });
  });
});
