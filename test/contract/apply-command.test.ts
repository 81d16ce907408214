import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/domain/json.ts';
import { createJudgeNow } from '../../src/use-cases/judge-now.ts';
import { anActor } from '../support/builders.ts';
import { type SmallTree, COMPLEX, aBench, order, plant, plantTree, route, rowOf, submit } from './setup.ts';

const bench = aBench();
const ana = anActor('ana');
const bob = anActor('bob');
const MANUAL = { acceptance: 'manual' } as const;

const everything = async (taskId: string) => ({
  task: await bench().repositories.tasks.get(null, taskId),
  events: await bench().reads.eventsOfTask(taskId),
  delegations: await bench().repositories.delegations.getDelegationsForTask(null, taskId),
});

/** A task that the project was offered and that waits for its answer. */
async function anOffer() {
  const tree = await plantTree(bench(), { project: MANUAL });
  const taskId = await submit(bench(), tree.global);
  const row = await route(bench(), taskId);
  return { ...tree, taskId, delegationId: row.offer?.delegationId ?? '', step: row.step };
}

/** A task that went two hops down and is queued at the orchestration. */
async function atWork(): Promise<SmallTree & { taskId: string; delegationId: string; step: number }> {
  const tree = await plantTree(bench());
  const taskId = await submit(bench(), tree.global, COMPLEX);
  const row = await route(bench(), taskId);
  return { ...tree, taskId, delegationId: row.links.at(-1)?.delegationId ?? '', step: row.step };
}

describe('createApplyCommand', () => {
  it('run twice with the same command id is written once and answers the same (law 3)', async () => {
    const { taskId, delegationId, step } = await anOffer();
    const given = { commandId: randomUUID(), expectedStep: step };
    const first = await order(bench(), taskId, { kind: 'accept', delegationId }, given);
    const written = await everything(taskId);
    expect(first).toMatchObject({ verdict: 'done', row: { step: step + 1 } });
    expect(await order(bench(), taskId, { kind: 'accept', delegationId }, given)).toEqual(first);
    expect(await everything(taskId)).toEqual(written);
  });

  it('run several times at once with the same command id is written once (law 3)', async () => {
    const { taskId, delegationId, step } = await anOffer();
    const given = { commandId: randomUUID(), expectedStep: step };
    const command = { kind: 'accept', delegationId } as const;
    const all = await Promise.all(Array.from({ length: 5 }, () => order(bench(), taskId, command, given)));
    expect(all.map((each) => each.verdict)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect((await everything(taskId)).events.filter((each) => each.type === 'delegation_accepted')).toHaveLength(1);
  });

  it.each([
    ['accept', { kind: 'accept', delegationId: 'not-a-uuid' }, 'delegation_not_found'],
    ['reassign', { kind: 'reassign', targetInstanceId: "'; --", delegationType: 'reassign' }, 'instance_not_found'],
    ['complete', { kind: 'complete', delegationId: 'nope' }, 'delegation_not_found'],
  ] as const)('answers an id that can name no row with a conflict: %s', async (_kind, command, code) => {
    const { taskId } = await anOffer();
    expect(await order(bench(), taskId, command)).toMatchObject({ verdict: 'conflict', code });
  });

  it('knows an id in capitals', async () => {
    const { taskId, delegationId } = await anOffer();
    const accepted = await order(bench(), taskId, { kind: 'accept', delegationId: delegationId.toUpperCase() });
    expect(accepted).toMatchObject({ verdict: 'done', row: { status: 'routing' } });
  });

  it('judged by a step that has passed writes nothing and says so (law 3)', async () => {
    const { taskId, delegationId, step } = await anOffer();
    const before = await everything(taskId);
    const late = await order(bench(), taskId, { kind: 'accept', delegationId }, { expectedStep: step - 1 });
    expect(late).toMatchObject({ verdict: 'moved', row: { step } });
    expect(await everything(taskId)).toEqual(before);
  });

  it('lets one of two that decide at once win; the other is judged anew and hears who was first (rule D4)', async () => {
    const { taskId, delegationId, step } = await anOffer();
    const both = await Promise.all([
      order(bench(), taskId, { kind: 'accept', delegationId }, { by: ana, expectedStep: step }),
      order(bench(), taskId, { kind: 'reject', delegationId, reason: 'no' }, { by: bob, expectedStep: step }),
    ]);
    expect(both.map((each) => each.verdict).toSorted()).toEqual(['done', 'moved']);
    const loser = both[0].verdict === 'moved' ? ana : bob;
    const [state, winner] = loser === bob ? (['accepted', 'ana'] as const) : (['rejected', 'bob'] as const);
    const command = loser === ana ? { kind: 'accept' as const } : { kind: 'reject' as const, reason: 'no' };
    expect(await order(bench(), taskId, { ...command, delegationId }, { by: loser })).toMatchObject({
      verdict: 'conflict',
      code: 'delegation_conflict',
      detail: `delegation is ${state}, by ${winner}`,
    });
  });

  it('says that a deleted task is gone', async () => {
    const ghost = { kind: 'cancel' } as const;
    expect(await order(bench(), randomUUID(), ghost, { expectedStep: 0 })).toEqual({ verdict: 'gone' });
  });

  it.each([
    ['a late signal leaves a trace', 'signal', ['decision_ignored']],
    ['a late update leaves none', 'update', []],
    ['a late timer leaves none', 'hopper', []],
  ] as const)('of a command that comes too late: %s (law 1)', async (_what, via, traces) => {
    const { taskId, delegationId } = await anOffer();
    await order(bench(), taskId, { kind: 'accept', delegationId }, { by: ana });
    const { events: before } = await everything(taskId);
    const late = await order(bench(), taskId, { kind: 'accept', delegationId }, { by: bob, via });
    expect(late).toMatchObject({ verdict: 'conflict', code: 'delegation_conflict', row: null });
    const { events } = await everything(taskId);
    expect(events.slice(before.length).map((each) => each.type)).toEqual(traces);
  });

  it('refuses an acceptance for an instance that has begun to stop (rule D4)', async () => {
    const { taskId, delegationId, project } = await anOffer();
    await bench().models.Instance.update({ status: 'stopping' }, { where: { id: project.id } });
    expect(await order(bench(), taskId, { kind: 'accept', delegationId })).toMatchObject({
      verdict: 'conflict',
      detail: `${project.name} is stopping: it takes no work`,
    });
  });

  it('hands over to the named instance, which decides by itself what it does with it (rule T5)', async () => {
    const { taskId, global } = await atWork();
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    await order(bench(), taskId, { kind: 'reassign', targetInstanceId: other.id, delegationType: 'reassign' });
    expect((await route(bench(), taskId)).links.map(({ delegationType, status }) => [delegationType, status])).toEqual([
      ['route', 'cancelled'],
      ['route', 'cancelled'],
      ['reassign', 'accepted'],
      ['route', 'accepted'],
    ]);
    const nowhere = { kind: 'reassign', targetInstanceId: randomUUID(), delegationType: 'reassign' } as const;
    expect(await order(bench(), taskId, nowhere)).toMatchObject({ verdict: 'conflict', code: 'instance_not_found' });
  });
});

describe('createApplyCommand with complete', () => {
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

  it.each(results)('gives the result %j back as it was, at the task, the leaf and in the event', async (result) => {
    const { taskId, delegationId } = await atWork();
    await order(bench(), taskId, { kind: 'complete', delegationId, result });
    const { task, delegations, events } = await everything(taskId);
    expect(task).toMatchObject({ status: 'completed', result, finishedBy: 'ana', finishedAt: expect.any(Date) });
    expect(delegations.map((each) => each.result)).toEqual([null, result]);
    expect(events.at(-1)?.data['result']).toEqual(result);
  });

  it('closes the chain from leaf to root and reports once for each instance on it (rule B5)', async () => {
    const { taskId, delegationId, global, project, orchestration } = await atWork();
    await order(bench(), taskId, { kind: 'complete', delegationId });
    const { delegations, events } = await everything(taskId);
    expect(delegations.map((each) => each.status)).toEqual(['completed', 'completed']);
    expect(events.at(-1)).toMatchObject({
      type: 'task_completed',
      actor: { name: 'ana', role: 'operator' },
      data: {
        bubble: [
          { instance_id: orchestration.id, reports_to: project.id },
          { instance_id: project.id, reports_to: global.id },
        ],
      },
    });
  });

  it('completes only the live path after an escalation (rules B5 and R4)', async () => {
    const { taskId, delegationId } = await atWork();
    await order(bench(), taskId, { kind: 'escalate', reason: 'too large' });
    const row = await route(bench(), taskId);
    expect(row.status).toBe('queued');
    const leaf = row.links.findLast((link) => link.status === 'accepted')?.delegationId ?? null;
    expect(leaf).not.toBe(delegationId);
    await order(bench(), taskId, { kind: 'complete', delegationId: leaf });
    const { delegations } = await everything(taskId);
    expect(delegations.map(({ delegationType, status }) => [delegationType, status])).toEqual([
      ['route', 'completed'],
      ['route', 'cancelled'],
      ['escalate', 'completed'],
    ]);
  });

  it('loses or wins against a cancellation by order of arrival, never both (rule T3)', async () => {
    const { taskId, delegationId, step } = await atWork();
    const both = await Promise.all([
      order(bench(), taskId, { kind: 'complete', delegationId }, { expectedStep: step }),
      order(bench(), taskId, { kind: 'cancel' }, { expectedStep: step }),
    ]);
    expect(both.map((each) => each.verdict).toSorted()).toEqual(['done', 'moved']);
    const { task, events } = await everything(taskId);
    expect(['completed', 'cancelled']).toContain(task?.status);
    expect(events.filter((each) => /task_(completed|cancelled)/.test(each.type))).toHaveLength(1);
  });
});

describe('createApplyCommand with expire', () => {
  const expireAt = (seconds: number, id: string) =>
    bench().models.Delegation.update({ expiresAt: new Date(Date.now() + seconds * 1_000) }, { where: { id } });

  it('takes an offer back by the clock of the database, and asks somebody else (rule D5)', async () => {
    const { taskId, delegationId } = await anOffer();
    expect(rowOf(await order(bench(), taskId, { kind: 'expire', delegationId })).status).toBe('offered');
    await expireAt(-1, delegationId);
    expect(rowOf(await order(bench(), taskId, { kind: 'expire', delegationId })).status).toBe('routing');
    expect(await route(bench(), taskId)).toMatchObject({ status: 'rejected' });
  });
});

describe('createJudgeNow', () => {
  it('answers a repeat with done and all else with a conflict, and writes nothing (rule T3)', async () => {
    const { taskId, delegationId } = await atWork();
    const command = { kind: 'complete', delegationId, result: [1] } as const;
    await order(bench(), taskId, command, { by: ana });
    const written = await everything(taskId);
    const judgeNow = createJudgeNow(bench());
    expect(await judgeNow(taskId, ana, command)).toEqual({ verdict: 'done' });
    expect(await judgeNow(taskId, bob, command)).toMatchObject({ detail: 'task is completed, by ana' });
    expect(await judgeNow(taskId, ana, { kind: 'cancel' })).toMatchObject({ verdict: 'conflict' });
    expect(await judgeNow(randomUUID(), ana, command)).toEqual({ verdict: 'gone' });
    expect(await everything(taskId)).toEqual(written);
  });

  it('says what is possible now, and for which delegation', async () => {
    const { taskId, delegationId } = await atWork();
    const verdict = await createJudgeNow(bench())(taskId, ana, { kind: 'complete', result: 1 });
    expect(verdict).toEqual({ verdict: 'possible', command: { kind: 'complete', result: 1, delegationId } });
  });
});
