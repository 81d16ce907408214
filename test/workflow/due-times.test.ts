import { describe, expect, it } from '@jest/globals';
import { attributesOf, resultOf, untilOffered, untilStatus, useBench } from './support/bench.ts';
import { AUTO, MANUAL, type Tree } from './support/tree.ts';

const HURRIED: Tree = { ...MANUAL, billing: { scope: 'project', acceptance: 'manual', timeoutSeconds: 60 } };
const TWO_TEAMS: Tree = {
  ...AUTO,
  billing: { scope: 'project', offersTo: ['agents', 'people'] },
  people: { scope: 'orchestration' },
};
const isOverdue = (type: string): boolean => type === 'due_missed';

describe('a task that is told to read its row again', () => {
  const bench = useBench();

  it('puts a due time that has passed on record, once, and waits on (rule T6)', async () => {
    const { handle, row } = await bench().begin({ tree: AUTO });
    await untilStatus(handle, 'queued');
    const dueAt = await bench().now();
    row.setDueAt(dueAt);
    await handle.signal('reread');
    await row.untilCommands(1);
    await handle.signal('reread');
    await row.untilReads(2);
    expect(row.commands).toMatchObject([
      { via: 'hopper', actor: { name: 'hopper' }, command: { kind: 'overdue', dueAt: dueAt.toISOString() } },
    ]);
    expect(row.events.filter(isOverdue)).toHaveLength(1);
    expect(row.task).toMatchObject({ status: 'queued', missedDueAt: dueAt });
    await handle.executeUpdate('completeTask', { args: [{ by: 'ana', delegationId: row.chain.at(-1)?.id }] });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(await attributesOf(handle)).toMatchObject({ HopperStep: row.task.step });
  });

  it('does nothing before its due time (rule T6)', async () => {
    const { handle, row } = await bench().begin({ tree: AUTO });
    await untilStatus(handle, 'queued');
    row.setDueAt(new Date((await bench().now()).getTime() + 3_600_000));
    await handle.signal('reread');
    await row.untilReads(1);
    expect(row.commands).toEqual([]);
    await handle.cancel();
    await resultOf(handle);
  });

  it('climbs where the policy says so, and is decided anew above (rule T6)', async () => {
    const { handle, row } = await bench().begin({ tree: TWO_TEAMS });
    await untilStatus(handle, 'queued');
    row.onDueMissed = 'escalate';
    row.setDueAt(await bench().now());
    await handle.signal('reread');
    await row.untilStep(7);
    expect(row.events.slice(-4)).toEqual(['due_missed', 'task_escalated', 'task_delegated', 'task_queued']);
    expect(row.task.instanceId).toBe('people');
    await handle.cancel();
    await resultOf(handle);
  });

  it('ends where the policy cancels it, also with an offer open (rule T6)', async () => {
    const { handle, row } = await bench().begin();
    await untilOffered(handle, 'billing');
    row.onDueMissed = 'cancel';
    row.setDueAt(await bench().now());
    await handle.signal('reread');
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled', failure: { code: 'due_missed' } });
  });

  it('has its offer expire at its time all the same (rules T6 and D5)', async () => {
    const { handle, row } = await bench().begin({ tree: HURRIED });
    await untilOffered(handle, 'billing');
    row.setDueAt(await bench().now());
    await handle.signal('reread');
    await row.untilCommands(1);
    await bench().environment.sleep(70_000);
    await untilOffered(handle, 'shipping');
    expect(row.events).toContain('delegation_expired');
    await handle.cancel();
    await resultOf(handle);
  });
});
