import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Actor, HOPPER } from '../../src/domain/actor.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { defineModels } from '../../src/persistence/models/models.ts';
import { createRepositories } from '../../src/persistence/repositories/repositories.ts';
import { createMoveInstance } from '../../src/use-cases/change-instance.ts';
import { type OrderLeave, createDrainInstance } from '../../src/use-cases/drain-instance.ts';
import { createQuestions } from '../../src/use-cases/ask-question.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createGiveBack } from '../../src/use-cases/give-back.ts';
import type { Lease } from '../../src/domain/lease.ts';
import { findStopping } from '../../src/use-cases/find-stopping.ts';
import { createFinishDrain } from '../../src/use-cases/finish-drain.ts';
import type { StopWish } from '../../src/use-cases/order-stop.ts';
import type { Ports } from '../../src/use-cases/ports.ts';
import { anActor } from '../support/builders.ts';
import { type SmallTree, COMPLEX, aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const MANUAL = { acceptance: 'manual' } as const;
const goOn = new AbortController().signal;

const stop = ({ id }: { readonly id: string }, wish: StopWish = {}, by: Actor = HOPPER) =>
  createMoveInstance(bench())(id, 'stop', by, wish);
const finish = ({ id }: { readonly id: string }) => createFinishDrain(bench())({ instanceId: id });
const taskOf = async (taskId: string) => (await bench().repositories.tasks.get(null, taskId))!;
const eventsOf = async (taskId: string) => (await bench().reads.eventsOfTask(taskId)).map((event) => event.type);

/** What a task's workflow does with the update: judged and written, then decided anew. */
const carryOut: OrderLeave = async ({ id }, command, requestId) => {
  const result = await order(bench(), id, command, { by: HOPPER, commandId: requestId });
  if (result.verdict === 'conflict') throw new DomainError(result.code, result.detail);
  await route(bench(), id);
};

const drain = ({ id }: { readonly id: string }, ordering: OrderLeave = carryOut, signal = goOn, pass = randomUUID()) =>
  createDrainInstance(bench(), ordering)({ instanceId: id, pass }, signal);

/** A tree in which a task of each kind is at the project or offered to it. */
async function aBusyProject(): Promise<SmallTree & { tasks: Record<string, string> }> {
  const tree = await plantTree(bench(), { project: MANUAL, orchestration: MANUAL });
  const at = async (where: { readonly id: string }, fields: object = {}) => {
    const taskId = await submit(bench(), where, fields);
    const row = await route(bench(), taskId);
    return { taskId, delegationId: row.offer?.delegationId ?? '' };
  };
  const offered = await at(tree.global);
  const queued = await at(tree.global);
  await order(bench(), queued.taskId, { kind: 'accept', delegationId: queued.delegationId });
  await route(bench(), queued.taskId);
  const offering = await at(tree.project, COMPLEX);
  const entered = await at(tree.project);
  return {
    ...tree,
    tasks: {
      offered: offered.taskId,
      queued: queued.taskId,
      offering: offering.taskId,
      entered: entered.taskId,
    },
  };
}

describe('createDrainInstance', () => {
  it('moves tasks away in every open state, holds what entered there, and loses none (rule I4)', async () => {
    const { project, tasks } = await aBusyProject();
    expect((await taskOf(tasks['offering']!)).status).toBe('offered');
    await stop(project);
    const report = await drain(project);
    expect(report).toEqual({ instance: { name: project.name, status: 'stopping' }, left: [] });
    const statuses = Object.fromEntries(
      await Promise.all(
        Object.entries(tasks).map(async ([kind, id]) => {
          const { status, blockedOn, instanceId } = await taskOf(id);
          return [kind, [status, blockedOn, instanceId === project.id ? 'here' : 'above']] as const;
        }),
      ),
    );
    expect(statuses).toEqual({
      offered: ['blocked', 'held', 'above'],
      queued: ['blocked', 'held', 'above'],
      offering: ['blocked', 'held', 'here'],
      entered: ['blocked', 'held', 'here'],
    });
    expect((await eventsOf(tasks['offered']!)).slice(-2)).toEqual(['delegation_withdrawn', 'task_held']);
    expect((await eventsOf(tasks['queued']!)).slice(-2)).toEqual(['task_escalated', 'task_held']);
    const [withdrawn] = await bench().repositories.delegations.getDelegationsForTask(null, tasks['offered']!);
    expect(withdrawn).toMatchObject({
      status: 'cancelled',
      decidedBy: 'hopper',
      notes: `${project.name} is stopping`,
    });
  });

  it('gives what it moves away to a sibling, and lets it come back when the instance runs again', async () => {
    const { global, project, tasks } = await aBusyProject();
    const sibling = await plant(bench(), { scope: 'project', parentId: global.id });
    await stop(project);
    await drain(project);
    for (const kind of ['offered', 'queued']) {
      expect(await taskOf(tasks[kind]!)).toMatchObject({ status: 'queued', instanceId: sibling.id });
    }
    await finish(project);
    await createMoveInstance(bench())(project.id, 'start', HOPPER);
    await stop(sibling);
    await drain(sibling);
    for (const kind of ['offered', 'queued']) {
      const [offer] = (await bench().repositories.delegations.getDelegationsForTask(null, tasks[kind]!)).slice(-1);
      expect(offer).toMatchObject({ status: 'pending', targetInstanceId: project.id });
    }
  });

  it('run again under the same pass does nothing twice (law 3)', async () => {
    const { project, tasks } = await aBusyProject();
    await stop(project);
    const ordered: string[] = [];
    const counting: OrderLeave = async (task, command, requestId) => {
      ordered.push(task.id);
      await carryOut(task, command, requestId);
    };
    const pass = randomUUID();
    await drain(project, counting, goOn, pass);
    const before = await Promise.all(Object.values(tasks).map(eventsOf));
    await Promise.all([drain(project, counting, goOn, pass), drain(project, counting, goOn, pass)]);
    expect(await Promise.all(Object.values(tasks).map(eventsOf))).toEqual(before);
    expect(ordered.toSorted()).toEqual(Object.values(tasks).toSorted());
  });

  it('orders nothing for a task that has to be waited for, and reports it (rule I4)', async () => {
    const { project, tasks } = await aBusyProject();
    await bench().database.query(`UPDATE tasks SET status = 'in_progress' WHERE id = $1`, { bind: [tasks['queued']] });
    await stop(project);
    const ordered: string[] = [];
    const report = await drain(project, async (task, command, requestId) => {
      ordered.push(task.id);
      await carryOut(task, command, requestId);
    });
    expect(ordered).not.toContain(tasks['queued']);
    expect(report.left).toEqual([{ status: 'in_progress', count: 1 }]);
    expect((await finish(project)).instance?.status).toBe('stopping');
  });

  it.each(['in_progress', 'blocked'] as const)(
    'by force ends the lease of what is %s, says on whose order, and moves it on, also when the force comes later (rule I4)',
    async (status) => {
      const { project, tasks } = await aBusyProject();
      const lease = await claimFor(project.id, 'w1');
      if (status === 'blocked') await createQuestions(bench()).ask(lease, anActor('w1'), 'Which one?');
      await stop(project, {}, anActor('olga'));
      expect((await drain(project)).left).toEqual([{ status, count: 1 }]);
      expect((await stop(project, { force: true }, anActor('otto'))).status).toBe('stopping');
      await stop(project, { force: true }, anActor('late'));
      expect(await drain(project)).toEqual({
        instance: { name: project.name, status: 'stopping', forcedBy: 'otto' },
        left: [],
      });
      const reason = `${project.name} is stopping, forced by otto`;
      expect(await bench().repositories.leases.get(null, lease.id)).toMatchObject({ outcome: 'left', reason });
      expect(await bench().repositories.leases.extend(lease.id, lease.attempt)).toBeNull();
      const moved = (await bench().reads.eventsOfTask(lease.taskId)).filter((event) =>
        ['task_escalated', 'task_held'].includes(event.type),
      );
      expect(moved[0]).toMatchObject({ actor: { name: 'hopper' }, data: { reason } });
      expect(Object.values(tasks)).toContain(lease.taskId);
      expect((await finish(project)).instance?.status).toBe('stopped');
      const events = (await bench().reads.eventsOfInstance(project.id)).slice(1);
      expect(events.map(({ type, actor }) => [type, actor.name])).toEqual([
        ['instance_stopping', 'olga'],
        ['instance_stop_forced', 'otto'],
        ['instance_stopped', 'hopper'],
      ]);
    },
  );

  it.each(['release', 'expire'] as const)(
    'without force moves a task on once its lease has ended by %s; meanwhile nobody gets it (rule I4)',
    async (how) => {
      const { project } = await aBusyProject();
      const lease = await claimFor(project.id, 'w1');
      await stop(project);
      await drain(project);
      expect((await taskOf(lease.taskId)).status).toBe('in_progress');
      if (how === 'expire') {
        await bench().database.query(`UPDATE leases SET expires_at = now() - interval '1 day' WHERE id = $1`, {
          bind: [lease.id],
        });
        await createGiveBack(bench()).expire(lease);
      } else await createGiveBack(bench()).release(lease, anActor('w1'), null);
      expect((await taskOf(lease.taskId)).status).toBe('queued');
      await expect(claimFor(project.id, 'w2')).rejects.toMatchObject({ code: 'instance_conflict' });
      expect((await drain(project)).left).toEqual([]);
      expect(await taskOf(lease.taskId)).toMatchObject({ status: 'blocked', blockedOn: 'held' });
    },
  );

  it('leaves a task that waits for its parts until they are done, also by force (rule I4)', async () => {
    const { project, tasks } = await aBusyProject();
    await bench().database.query(`UPDATE tasks SET status = 'waiting' WHERE id = $1`, { bind: [tasks['entered']] });
    await stop(project, { force: true });
    expect((await drain(project)).left).toEqual([{ status: 'waiting', count: 1 }]);
    expect((await finish(project)).instance?.status).toBe('stopping');
    await order(bench(), tasks['entered']!, { kind: 'cancel' });
    expect((await finish(project)).instance?.status).toBe('stopped');
  });

  it('goes on with the others when one refuses', async () => {
    const { project, tasks } = await aBusyProject();
    await stop(project);
    const refusing: OrderLeave = (task, command, requestId) =>
      task.id === tasks['queued']
        ? Promise.reject(new DomainError('task_conflict', 'the workflow of this task has ended'))
        : carryOut(task, command, requestId);
    expect((await drain(project, refusing)).left).toEqual([{ status: 'queued', count: 1 }]);
  });

  it('looks at every page, eight tasks at once, and ends at once when it is told to', async () => {
    const { id } = await plant(bench());
    await fill(id, 450);
    await stop({ id });
    let [now, most, calls] = [0, 0, 0];
    let eightAreThere = (): void => undefined;
    const untilEight = new Promise<void>((resolve) => (eightAreThere = resolve));
    const counting: OrderLeave = async () => {
      calls += 1;
      most = Math.max(most, (now += 1));
      if (now === 8) eightAreThere();
      await untilEight;
      now -= 1;
    };
    expect((await drain({ id }, counting)).left).toEqual([{ status: 'queued', count: 450 }]);
    expect([calls, most]).toEqual([450, 8]);
    const enough = new AbortController();
    const aborting: OrderLeave = () => {
      calls += 1;
      enough.abort(new Error('shut down'));
      return Promise.resolve();
    };
    await expect(drain({ id }, aborting, enough.signal)).rejects.toThrow('shut down');
    expect(calls).toBeLessThan(450 + 2 * 8);
  });

  it('gives up a pass when nobody answers, after as many tasks as it moves at once', async () => {
    const { id } = await plant(bench());
    await fill(id, 60);
    await stop({ id });
    let calls = 0;
    const silent: OrderLeave = () => {
      calls += 1;
      return Promise.reject(new DomainError('temporal_unavailable', 'no answer in time'));
    };
    await expect(drain({ id }, silent)).rejects.toMatchObject({ code: 'temporal_unavailable' });
    expect(calls).toBeLessThanOrEqual(2 * 8);
  });

  it('does nothing at an instance that does not stop, or that does not exist', async () => {
    const { project } = await aBusyProject();
    const never: OrderLeave = () => Promise.reject(new Error('nothing is to be ordered'));
    expect(await drain(project, never)).toEqual({ instance: { name: project.name, status: 'running' }, left: [] });
    expect(await drain({ id: randomUUID() }, never)).toEqual({ instance: null, left: [] });
    expect(await drain({ id: 'no uuid' }, never)).toEqual({ instance: null, left: [] });
  });
});

describe('createFinishDrain', () => {
  it('stops an instance that has nothing left but what is held there, once (rule I5)', async () => {
    const { project } = await aBusyProject();
    await stop(project);
    expect(await finish(project)).toMatchObject({ instance: { status: 'stopping' } });
    await drain(project);
    const both = await Promise.all([finish(project), finish(project)]);
    expect(both.map(({ instance }) => instance?.status)).toEqual(['stopped', 'stopped']);
    const events = (await bench().reads.eventsOfInstance(project.id)).map((event) => event.type);
    expect(events).toEqual(['instance_created', 'instance_stopping', 'instance_stopped']);
  });

  it('names what is left, by status (rule I5)', async () => {
    const { project } = await aBusyProject();
    await stop(project);
    const { left } = await finish(project);
    expect(left).toEqual([
      { status: 'offered', count: 2 },
      { status: 'queued', count: 2 },
    ]);
  });

  it.each(['running', 'stopped', 'terminated'] as const)('leaves an instance alone that is %s', async (status) => {
    const { id, name } = await plant(bench(), { status });
    expect(await finish({ id })).toEqual({ instance: { name, status }, left: [] });
  });

  it('says so if there is no such instance', async () => {
    expect(await finish({ id: randomUUID() })).toEqual({ instance: null, left: [] });
    expect(await finish({ id: 'no uuid' })).toEqual({ instance: null, left: [] });
  });
});

describe('a stop amid many decisions', () => {
  it('lets no offer through to the instance, and no task stay there, once it is on record', async () => {
    const tree = await plantTree(bench(), { project: MANUAL });
    const taskIds = await Promise.all(Array.from({ length: 60 }, () => submit(bench(), tree.global)));
    const offered = await Promise.all(taskIds.slice(0, 20).map((id) => route(bench(), id)));
    const slowly = await slowWrites();
    const decisions = taskIds.slice(20).map((id) => route(bench(), id));
    const verdicts = offered.map(({ taskId, offer }) =>
      order(bench(), taskId, { kind: 'accept', delegationId: offer!.delegationId }),
    );
    await Promise.race(decisions);
    const taken = await elsewhere(async (ports) => {
      await createMoveInstance(ports)(tree.project.id, 'stop', HOPPER);
      return takenBy(tree.project.id, ports.database);
    });
    await Promise.all([...verdicts, ...decisions]);
    await slowly.over();
    expect(await takenBy(tree.project.id)).toEqual(taken);
    expect(taken.length).toBeLessThan(60);
    for (const id of taskIds) await route(bench(), id);
    await drain(tree.project);
    expect(await finish(tree.project)).toMatchObject({ instance: { status: 'stopped' } });
  });
});

describe('findStopping', () => {
  it('finds the stopping ones and no others, over all pages', async () => {
    await bench().database.query(
      `INSERT INTO hopper_instances (id, name, scope, status)
      SELECT gen_random_uuid(), 'many ' || n, 'global', 'stopping' FROM generate_series(1, 201) n`,
    );
    const running = await plant(bench());
    const found = [];
    for await (const page of findStopping(bench().database)) found.push(...page);
    expect(found.filter(({ name }) => name.startsWith('many '))).toHaveLength(201);
    expect(found.map(({ id }) => id)).not.toContain(running.id);
  });
});

async function claimFor(instanceId: string, workerId: string): Promise<Lease> {
  const ask = { instanceId, workerId, requestId: randomUUID(), skills: null, actor: anActor(workerId) };
  const claimed = await createClaimTask(bench())(ask);
  if (claimed === null) throw new Error('nothing to claim');
  return claimed.lease;
}

/** The delegations that an instance has got or accepted, as they are on record now. */
async function takenBy(instanceId: string, database = bench().database): Promise<readonly unknown[]> {
  const [rows] = await database.query(
    `SELECT id, accepted_at FROM task_delegations WHERE target_instance_id = $1 ORDER BY id`,
    { bind: [instanceId] },
  );
  return rows;
}

/** Makes every decision take its time between what it has checked and its commit. */
async function slowWrites(): Promise<{ over: () => Promise<void> }> {
  const { database } = bench();
  await database.query(`
    CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;
    CREATE TRIGGER take_time BEFORE INSERT OR UPDATE ON task_delegations FOR EACH ROW EXECUTE FUNCTION take_time();`);
  return {
    over: async () => {
      await database.query('DROP TRIGGER take_time ON task_delegations; DROP FUNCTION take_time');
    },
  };
}

/** As another process does it, with connections of its own. */
async function elsewhere<Result>(work: (ports: Ports) => Promise<Result>): Promise<Result> {
  const database = openDatabase(bench().url, { maxConnections: 1 });
  try {
    return await work({ ...bench(), database, repositories: createRepositories(defineModels(database)) });
  } finally {
    await database.close();
  }
}

/** So many queued tasks that entered at an instance. */
async function fill(instanceId: string, count: number): Promise<void> {
  await bench().database.query(
    `INSERT INTO tasks (id, title, status, entry_instance_id, instance_id)
    SELECT gen_random_uuid(), 'one of many', 'queued', $1, $1 FROM generate_series(1, $2)`,
    { bind: [instanceId, count] },
  );
}
