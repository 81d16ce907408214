import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { TaskEvent } from '../../src/domain/task-event.ts';
import { createPatchTask } from '../../src/use-cases/patch-task.ts';
import { type Rows, replayTask } from '../../src/use-cases/replay-task.ts';
import { anActor } from '../support/builders.ts';
import { aSpec } from '../support/parts.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();

async function recordsOf(taskId: string): Promise<{ rows: unknown; events: readonly TaskEvent[] }> {
  const { repositories, reads } = bench();
  const task = await repositories.tasks.get(null, taskId);
  const delegations = await repositories.delegations.getDelegationsForTask(null, taskId);
  return { rows: { task, delegations }, events: await reads.eventsOfTask(taskId) };
}

const MANUAL = { acceptance: 'manual' } as const;

describe('the events of a task', () => {
  it('give its rows back at every moment of a long life (rule E2)', async () => {
    const { global, orchestration } = await plantTree(bench(), { project: MANUAL });
    const other = await plant(bench(), { scope: 'project', parentId: global.id, config: { capabilities: ['x'] } });
    const taskId = await submit(bench(), global, { ...COMPLEX, dueAt: '2026-03-01T12:00:00+02:00', requester: 'ana' });
    const seen: string[] = [];
    const look = async (): Promise<void> => {
      const { rows, events } = await recordsOf(taskId);
      expect(replayTask(events)).toEqual(rows);
      seen.push(events.at(-1)?.type ?? '');
    };
    const deed = async (command: Parameters<typeof order>[2]): Promise<void> => {
      await order(bench(), taskId, command, { by: anActor('ana') });
      await look();
      await route(bench(), taskId);
      await look();
    };
    const offer = async (): Promise<string> => {
      const row = await bench().repositories.delegations.getDelegationsForTask(null, taskId);
      return row.find((each) => each.status === 'pending')?.id ?? '';
    };
    await look();
    await route(bench(), taskId);
    await createPatchTask(bench())(taskId, { priority: 'urgent', due_at: null }, anActor('ana'), randomUUID());
    await look();
    if ((await offer()) !== '')
      await deed({ kind: 'reject', delegationId: await offer(), reason: 'no', code: 'busy', retryable: true });
    await deed({ kind: 'reassign', targetInstanceId: orchestration.id, delegationType: 'route', notes: 'you' });
    await deed({ kind: 'reroute', reason: 'no' });
    await deed({ kind: 'reassign', targetInstanceId: other.id, delegationType: 'reassign' });
    await deed({ kind: 'escalate', reason: 'too large' });
    await deed({ kind: 'cancel', reason: 'enough' });
    for (const type of ['rerouted', 'reassigned', 'escalated', 'queued', 'cancelled'])
      expect(seen).toContain(`task_${type}`);
  });

  it.each([
    ['accepted and completed', ['accept', 'complete']],
    ['rejected', ['reject']],
    ['expired', ['expire']],
    ['failed', ['accept', 'fail']],
  ] as const)('give the rows of a task back that was %s (rule E2)', async (_what, deeds) => {
    const { global } = await plantTree(bench(), { project: MANUAL });
    const taskId = await submit(bench(), global, COMPLEX);
    for (const kind of deeds) {
      const row = await route(bench(), taskId);
      const delegationId =
        row.links.findLast((link) => ['pending', 'accepted'].includes(link.status))?.delegationId ?? '';
      if (kind === 'expire')
        await bench().models.Delegation.update({ expiresAt: new Date(0) }, { where: { id: delegationId } });
      await order(bench(), taskId, { kind, delegationId, reason: 'because', result: { ü: [1, null] }, notes: 'ok' });
    }
    const { rows, events } = await recordsOf(taskId);
    const expected = deeds[0] === 'expire' ? withoutExpiry(rows as Rows) : rows;
    const replayed = replayTask(events);
    expect(deeds[0] === 'expire' ? withoutExpiry(replayed) : replayed).toEqual(expected);
  });

  it.each(['none', 'escalate', 'cancel'] as const)(
    'give the rows of a task back that missed its due time, with the policy %s (rules E2 and T6)',
    async (onDueMissed) => {
      const { global } = await plantTree(bench(), { orchestration: { on_due_missed: onDueMissed } });
      const dueAt = '2026-01-01T00:00:00.000Z';
      const taskId = await submit(bench(), global, { ...COMPLEX, dueAt });
      await route(bench(), taskId);
      await order(bench(), taskId, { kind: 'overdue', dueAt }, { by: anActor('hopper') });
      const { rows, events } = await recordsOf(taskId);
      expect(replayTask(events)).toEqual(rows);
      expect(events.filter(({ type }) => type === 'due_missed')).toHaveLength(1);
    },
  );
  it('give the rows of a task and of its parts back, to the join (rules E2, J1 and J2)', async () => {
    const { global } = await plantTree(bench());
    const wholeId = await submit(bench(), global);
    const { links } = await route(bench(), wholeId);
    const parts = [aSpec('a', [], { tags: ['x'], estimatedDuration: 5 }), aSpec('b', ['a']), aSpec('c', ['b'])];
    const delegationId = links[0]?.delegationId ?? null;
    await order(bench(), wholeId, { kind: 'decompose', delegationId, parts, join: 'best_effort' });
    const rows = await bench().models.Task.findAll({ where: { parentTaskId: wholeId }, order: ['partKey'] });
    const ids = rows.map(({ id }) => id);
    const look = async (): Promise<void> => {
      for (const id of [wholeId, ...ids]) {
        const { rows: rowsNow, events } = await recordsOf(id);
        expect(replayTask(events)).toEqual(rowsNow);
      }
    };
    const end = async (id: string, kind: 'complete' | 'fail'): Promise<void> => {
      const row = await route(bench(), id);
      await look();
      await order(bench(), id, { kind, delegationId: row.links[0]?.delegationId ?? null, reason: 'no', result: id });
      await bench().useCases.joinParts({ taskId: wholeId });
      await look();
    };
    await look();
    await end(ids[0]!, 'complete');
    await end(ids[1]!, 'fail');
    expect(await bench().repositories.tasks.get(null, wholeId)).toMatchObject({ status: 'completed' });
  });

  it('number themselves without a gap and never go back in time (rule E1)', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global, COMPLEX);
    const row = await route(bench(), taskId);
    await order(bench(), taskId, { kind: 'accept', delegationId: row.links[0]!.delegationId }, { via: 'signal' });
    await createPatchTask(bench())(taskId, { priority: 'low' }, anActor('ana'), randomUUID());
    await order(bench(), taskId, { kind: 'cancel' });
    const events = await bench().reads.eventsOfTask(taskId);
    expect(events.map((each) => each.seq)).toEqual(events.map((_, index) => index + 1));
    const times = events.map((each) => each.at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

/** The test itself has set the clock of this offer back. */
function withoutExpiry({ task, delegations }: Rows): Rows {
  return { task, delegations: delegations.map((row) => ({ ...row, expiresAt: null })) };
}

describe('createPatchTask', () => {
  it('changes what is given, with one event, also when it is asked for several times at once', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    const patch = createPatchTask(bench());
    const command = randomUUID();
    const all = await Promise.all(
      Array.from({ length: 4 }, () => patch(taskId, { priority: 'urgent' }, anActor('ana'), command)),
    );
    expect(new Set(all.map((each) => each.priority))).toEqual(new Set(['urgent']));
    const events = await bench().reads.eventsOfTask(taskId);
    expect(events.map((each) => each.type)).toEqual(['task_submitted', 'task_updated']);
  });

  it('refuses a task that is final, and one that does not exist', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    await order(bench(), taskId, { kind: 'cancel' });
    const patch = createPatchTask(bench());
    const ask = (id: string) => patch(id, { priority: 'low' }, anActor('ana'), randomUUID());
    await expect(ask(taskId)).rejects.toMatchObject({
      code: 'task_conflict',
      message: 'task is cancelled: it cannot be changed',
    });
    await expect(ask(randomUUID())).rejects.toMatchObject({ code: 'task_not_found' });
  });
});
