import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/domain/errors.ts';
import { NOTHING_RECONCILED, RECONCILE_FROM, type ReconcilePage, type Reconciled } from '../../src/domain/reconcile.ts';
import type { PublishedState, TaskWorkflows } from '../../src/domain/suspect.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createReconcile } from '../../src/use-cases/reconcile.ts';
import { anActor } from '../support/builders.ts';
import { aSpec } from '../support/parts.ts';
import { aBench, order, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const goOn = new AbortController().signal;
const MANUAL = { project: { acceptance: 'manual' } } as const;

/** Temporal as the test says it is; what is not listed is described. */
class FakeTemporal implements TaskWorkflows {
  readonly states = new Map<string, PublishedState>();
  readonly said: string[] = [];
  readonly described: string[] = [];
  readonly alsoOpen: string[] = [];
  stepOnRecord = 0;
  failOn: string | null = null;

  async *open(): AsyncIterable<string> {
    yield* await Promise.resolve(this.alsoOpen);
  }

  listed(taskIds: readonly string[]): Promise<ReadonlyMap<string, PublishedState>> {
    const open = taskIds.flatMap((id) =>
      this.states.get(id)?.isOpen === true ? [[id, this.states.get(id)!] as const] : [],
    );
    return Promise.resolve(new Map(open));
  }

  published(taskIds: readonly string[]): Promise<ReadonlyMap<string, PublishedState>> {
    this.described.push(...taskIds);
    return Promise.resolve(new Map([...this.states].filter(([id]) => taskIds.includes(id))));
  }

  reread(taskId: string): Promise<void> {
    this.said.push(`reread ${taskId}`);
    return Promise.resolve();
  }

  start({ id }: { readonly id: string }): Promise<void> {
    if (this.failOn === id) throw new DomainError('invalid_input', 'it cannot be started');
    this.said.push(`start ${id}`);
    this.states.set(id, { isOpen: true, step: this.stepOnRecord });
    return Promise.resolve();
  }
}

/** A task, how it stands, and how old that is; every other task of the database is well. */
async function setup({ manual = false, ageSeconds = 301 } = {}) {
  const { database, repositories, reads } = bench();
  await database.query(`UPDATE tasks SET confirmed_step = step, updated_at = now()`);
  const temporal = new FakeTemporal();
  const tree = await plantTree(bench(), manual ? MANUAL : {});
  const taskId = await submit(bench(), tree.global);
  const row = await route(bench(), taskId);
  temporal.stepOnRecord = row.step;
  const age = (seconds = ageSeconds) =>
    database.query(`UPDATE tasks SET updated_at = now() - $2 * interval '1 second' WHERE id = $1`, {
      bind: [taskId, seconds],
    });
  const failures: string[] = [];
  const totals: Reconciled[] = [];
  const needs = {
    workflows: temporal,
    onDone: (done: Reconciled) => void totals.push(done),
    onFailure: (_error: unknown, id: string) => void failures.push(id),
  };
  const reconcile = async (pageSize = 1_000, signal = goOn): Promise<Partial<Reconciled>> => {
    const look = createReconcile(bench(), { ...needs, pageSize });
    let page: ReconcilePage = RECONCILE_FROM;
    while (page.next !== null) page = await look(page, signal);
    expect(await look(page, signal)).toEqual(page);
    return Object.fromEntries(Object.entries(page.done).filter(([key, count]) => key !== 'tasks' && count > 0));
  };
  const claim = async () => {
    const ask = { instanceId: tree.project.id, workerId: 'w1', requestId: randomUUID(), skills: null };
    return (await createClaimTask(bench())({ ...ask, actor: anActor('w1') }))!.lease;
  };
  await age();
  return {
    ...{ ...tree, taskId, row, temporal, age, reconcile, claim, failures, totals },
    task: async () => (await repositories.tasks.get(null, taskId))!,
    events: async () => (await reads.eventsOfTask(taskId)).map(({ type, actor }) => [type, actor.name]),
    leaseOf: (id: string) => repositories.leases.get(null, id),
    delegations: () => repositories.delegations.getDelegationsForTask(null, taskId),
  };
}

describe('createReconcile', () => {
  it('starts a workflow that is missing, and nothing twice (rule N1)', async () => {
    const { taskId, temporal, reconcile, totals } = await setup();
    expect(await reconcile()).toEqual({ started: 1 });
    expect(await reconcile()).toEqual({});
    expect(temporal.said).toEqual([`start ${taskId}`]);
    expect(totals).toEqual([
      { ...NOTHING_RECONCILED, tasks: 1, started: 1 },
      { ...NOTHING_RECONCILED, tasks: 1 },
    ]);
  });

  it.each([
    ['TERMINATED', 'failed'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'cancelled'],
  ] as const)(
    'ends a task at work whose workflow is %s: %s, its lease and its path too (rule N2)',
    async (closedAs, status) => {
      const { taskId, temporal, reconcile, claim, age, task, leaseOf, delegations, events } = await setup();
      const lease = await claim();
      await age();
      temporal.states.set(taskId, { isOpen: false, step: 2, closedAs });
      expect(await reconcile()).toEqual({ ended: 1 });
      const { failure, finishedBy, ...row } = await task();
      expect([row.status, failure?.code, finishedBy]).toEqual([status, 'workflow_closed', 'hopper']);
      expect(await leaseOf(lease.id)).toMatchObject({ outcome: 'left', reason: failure?.reason });
      expect((await delegations()).map((each) => each.status)).toEqual(['cancelled']);
      expect((await events()).at(-1)).toEqual([`task_${status}`, 'hopper']);
      expect(await reconcile()).toEqual({});
    },
  );

  it('starts the workflow again that saw the end of a task which is open by an older database (rule N3)', async () => {
    const { taskId, temporal, reconcile, task } = await setup();
    temporal.states.set(taskId, { isOpen: false, step: 9, closedAs: 'COMPLETED' });
    const before = await task();
    expect(await reconcile()).toEqual({ started: 1 });
    expect([await task(), temporal.said]).toEqual([before, [`start ${taskId}`]]);
  });

  it('has a workflow read its row that is ahead of it, as after a backup was put back (rule N3)', async () => {
    const { taskId, row, temporal, reconcile } = await setup();
    temporal.states.set(taskId, { isOpen: true, step: row.step + 1 });
    expect(await reconcile()).toEqual({ reread: 1 });
    expect(temporal.said).toEqual([`reread ${taskId}`]);
  });

  it('has the workflows read again whose task is not on record, and no others (rule N3)', async () => {
    const { taskId, row, temporal, reconcile } = await setup();
    temporal.states.set(taskId, { isOpen: true, step: row.step });
    const lost = randomUUID();
    temporal.alsoOpen.push(taskId, lost, 'no-uuid');
    expect(await reconcile()).toEqual({ workflowsLeft: 1 });
    expect(temporal.said).toEqual([`reread ${lost}`]);
  });

  it('ends an offered task whose workflow has ended, and withdraws its offer (rule N2)', async () => {
    const { taskId, temporal, reconcile, delegations } = await setup({ manual: true });
    temporal.states.set(taskId, { isOpen: false, step: 1, closedAs: 'TERMINATED' });
    expect(await reconcile()).toEqual({ ended: 1 });
    expect((await delegations()).map((each) => each.status)).toEqual(['cancelled']);
  });

  it.each([
    ['whose workflow is missing', null],
    ['whose workflow has ended', { isOpen: false, step: 1, closedAs: 'TERMINATED' }],
    ['whose workflow is behind', { isOpen: true, step: 0 }],
  ] as const)('touches no task %s before it is five minutes old (rule N1)', async (_what, state) => {
    const { taskId, temporal, reconcile, task, age } = await setup({ ageSeconds: 295 });
    if (state !== null) temporal.states.set(taskId, state);
    const before = await task();
    expect(await reconcile()).toEqual({});
    expect([await task(), temporal.said]).toEqual([before, []]);
    await age(301);
    expect(Object.values(await reconcile())).toEqual([1]);
  });

  it('looks at the row again under its lock: what has moved meanwhile is left alone (rule N2)', async () => {
    const { taskId, temporal, reconcile, task } = await setup();
    temporal.states.set(taskId, { isOpen: false, step: 1, closedAs: 'TERMINATED' });
    const described = temporal.published.bind(temporal);
    temporal.published = async (ids) => {
      await order(bench(), taskId, { kind: 'escalate', reason: 'it moves' });
      return described(ids);
    };
    expect(await reconcile()).toEqual({});
    expect((await task()).status).toBe('routing');
  });

  it('makes a workflow read its row that is open though the row is final, or that is behind (rule N1)', async () => {
    const { taskId, temporal, reconcile, age } = await setup();
    temporal.states.set(taskId, { isOpen: true, step: 1 });
    expect(await reconcile()).toEqual({ reread: 1 });
    await order(bench(), taskId, { kind: 'cancel' });
    await age();
    temporal.states.set(taskId, { isOpen: true, step: 100 });
    expect(await reconcile()).toEqual({ reread: 1 });
    expect(temporal.said).toEqual([`reread ${taskId}`, `reread ${taskId}`]);
  });

  it('starts no part that may not begin yet, and one that may', async () => {
    const { global, taskId, row, temporal, reconcile } = await setup();
    temporal.states.set(taskId, { isOpen: true, step: row.step });
    const [early, due] = [await submit(bench(), global), await submit(bench(), global)];
    await bench().database.query(
      `UPDATE tasks SET status = 'waiting', parent_task_id = $2, part_key = id::text, part_no = 0, part_depth = 1,
        confirmed_step = step, updated_at = now() - interval '1 hour', part_release = CASE WHEN id = $3 THEN 0 END
      WHERE id = ANY ($1::uuid[])`,
      { bind: [[early, due], taskId, due] },
    );
    expect(await reconcile()).toEqual({ started: 1 });
    expect(temporal.said).toEqual([`start ${due}`]);
  });

  it('describes none that the list shows as open and up to date', async () => {
    const { taskId, row, temporal, reconcile } = await setup();
    temporal.states.set(taskId, { isOpen: true, step: row.step });
    expect(await reconcile()).toEqual({});
    expect(temporal.described).toEqual([]);
  });

  it('ends an open lease that its task has left behind, on record (rule N1)', async () => {
    const { taskId, row, temporal, reconcile, claim, age, leaseOf, events } = await setup();
    temporal.states.set(taskId, { isOpen: true, step: row.step });
    const lease = await claim();
    await bench().database.query(`UPDATE tasks SET status = 'queued', updated_at = now() WHERE id = $1`, {
      bind: [taskId],
    });
    expect(await reconcile()).toEqual({});
    await age();
    expect(await reconcile()).toEqual({ leasesEnded: 1 });
    expect(await leaseOf(lease.id)).toMatchObject({ outcome: 'left', reason: 'it was open while its task was queued' });
    expect((await events()).at(-1)).toEqual(['lease_ended', 'hopper']);
    expect(await reconcile()).toEqual({});
    expect((await claim()).attempt).toBe(2);
    await age();
    expect(await reconcile()).toEqual({});
  });

  it('ends the parts that never began of a task whose workflow was ended (rules N1 and J3)', async () => {
    const { taskId, row, temporal, age, reconcile } = await setup();
    const delegationId = row.links.at(-1)?.delegationId ?? null;
    const parts = [aSpec('a'), ...Array.from({ length: 60 }, (_, no) => aSpec(`b${String(no)}`, ['a']))];
    await order(bench(), taskId, { kind: 'decompose', delegationId, parts, join: 'all' });
    await age();
    temporal.states.set(taskId, { isOpen: false, step: row.step, closedAs: 'TERMINATED' });
    expect(await reconcile()).toEqual({ ended: 1 });
    expect(await reconcile()).toEqual({});
    await bench().database.query(`UPDATE tasks SET finished_at = now() - interval '1 hour' WHERE id = $1`, {
      bind: [taskId],
    });
    expect(await reconcile()).toEqual({ partsLeft: 1 });
    expect(await reconcile()).toEqual({});
    const { items } = await bench().reads.listTasks({ parent_task_id: taskId, limit: 200 });
    const ended = items.filter(({ partKey }) => partKey !== 'a');
    expect(new Set(ended.map(({ status, failure }) => [status, failure?.reason].join(': ')))).toEqual(
      new Set(['cancelled: the task that it is a part of is failed']),
    );
  });

  it('counts a load anew that has drifted, on record (rule N1)', async () => {
    const { project, orchestration, taskId, row, temporal, reconcile } = await setup();
    temporal.states.set(taskId, { isOpen: true, step: row.step });
    const ids = [project.id, orchestration.id];
    const loads = () =>
      bench().database.query(
        'SELECT busy, direct FROM instance_loads WHERE instance_id = ANY ($1::uuid[]) ORDER BY busy',
        {
          bind: [ids],
        },
      );
    const [before] = await loads();
    await bench().database.query(
      'UPDATE instance_loads SET busy = 7, direct = 9 WHERE instance_id = ANY ($1::uuid[])',
      {
        bind: [ids],
      },
    );
    expect(await reconcile()).toEqual({ loadsRecounted: 2 });
    expect((await loads())[0]).toEqual(before);
    const events = await bench().reads.eventsOfInstance(project.id);
    expect(events.at(-1)).toMatchObject({
      type: 'instance_load_recounted',
      actor: { name: 'hopper' },
      data: { from: { busy: 7, direct: 9 }, to: { busy: 1, direct: 1 } },
    });
    expect(await reconcile()).toEqual({});
  });

  it('comes to the same from two runs at once, and from one that is killed and begins again (rule N1)', async () => {
    const { global, taskId, temporal, reconcile } = await setup();
    const taskIds = [taskId, ...(await Promise.all(Array.from({ length: 29 }, () => submit(bench(), global))))];
    for (const id of taskIds) await route(bench(), id);
    await bench().database.query(
      `UPDATE tasks SET updated_at = now() - interval '1 hour' WHERE id = ANY ($1::uuid[])`,
      {
        bind: [taskIds],
      },
    );
    for (const id of taskIds) temporal.states.set(id, { isOpen: false, step: 2, closedAs: 'TERMINATED' });
    const killed = new AbortController();
    const described = temporal.published.bind(temporal);
    temporal.published = (ids) => {
      if (temporal.described.length > 10) killed.abort(new Error('shut down'));
      return described(ids);
    };
    await expect(reconcile(7, killed.signal)).rejects.toThrow('shut down');
    const both = await Promise.all([reconcile(7), reconcile(4)]);
    const ended = both.reduce((sum, each) => sum + (each.ended ?? 0), 0);
    expect(ended).toBeLessThan(30);
    for (const id of taskIds) {
      const types = (await bench().reads.eventsOfTask(id)).map(({ type }) => type);
      expect(types.filter((type) => type === 'task_failed')).toHaveLength(1);
    }
  });

  it('goes on with the others when one repair fails, and ends when a server does not answer', async () => {
    const { global, taskId, temporal, reconcile, failures } = await setup();
    const other = await submit(bench(), global);
    await bench().database.query(`UPDATE tasks SET updated_at = now() - interval '1 hour' WHERE id = $1`, {
      bind: [other],
    });
    temporal.failOn = taskId;
    expect(await reconcile()).toEqual({ started: 1, failures: 1 });
    expect([temporal.said, failures]).toEqual([[`start ${other}`], [taskId]]);
    temporal.published = () => Promise.reject(new DomainError('temporal_unavailable', 'no answer in time'));
    await expect(reconcile()).rejects.toMatchObject({ code: 'temporal_unavailable' });
  });
});
