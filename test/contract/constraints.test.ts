import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { DELEGATION_STATUSES, canDelegationMove } from '../../src/domain/delegation.ts';
import { TASK_STATUSES, isFinal } from '../../src/domain/task.ts';
import { aBench, plant, plantTree, submit } from './setup.ts';

const bench = aBench();

const sql = (text: string, bind: unknown[] = []) => bench().database.query(text, { bind });
const count = async (text: string, bind: unknown[] = []): Promise<number> =>
  (await bench().database.query(text, { bind, type: QueryTypes.SELECT })).length;
/** The database's own name of the rule that refuses a statement. */
const refusalOf = (text: string, bind: unknown[] = []): Promise<string> =>
  sql(text, bind).then(
    () => 'nothing refused it',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

async function setup() {
  const tree = await plantTree(bench());
  const taskId = await submit(bench(), tree.global);
  const { global, project } = tree;
  const delegate = (fields: object = {}): Promise<string> => {
    const id = randomUUID();
    const row = { hop: 0, from: global.id, to: project.id, type: 'route', status: 'pending', at: null, ...fields };
    const insert = `INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id,
      delegation_type, status, accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
    return sql(insert, [id, taskId, row.hop, row.from, row.to, row.type, row.status, row.at]).then(() => id);
  };
  return { ...tree, taskId, delegate };
}

describe('task_delegations', () => {
  it('holds one pending delegation of a task at most (rule D3)', async () => {
    const { delegate } = await setup();
    await delegate();
    await expect(delegate({ hop: 1 })).rejects.toMatchObject({ name: 'SequelizeUniqueConstraintError' });
  });

  it('holds several accepted ones: they stack up', async () => {
    const { delegate } = await setup();
    await delegate({ status: 'accepted', at: new Date() });
    await expect(delegate({ hop: 1, status: 'accepted', at: new Date() })).resolves.toEqual(expect.any(String));
  });

  it('gives each hop of a task once (rule D2)', async () => {
    const { delegate } = await setup();
    await delegate({ status: 'rejected' });
    await expect(delegate()).rejects.toMatchObject({ name: 'SequelizeUniqueConstraintError' });
  });

  it('never hands a task from an instance to itself, except to split it (rule D8)', async () => {
    const { delegate, global } = await setup();
    for (const type of ['route', 'escalate', 'reassign'])
      await expect(delegate({ to: global.id, type })).rejects.toThrow(/check constraint/);
    await expect(delegate({ to: global.id, type: 'decompose' })).resolves.toEqual(expect.any(String));
  });

  it('knows only tasks and instances that exist', async () => {
    const { delegate } = await setup();
    await expect(delegate({ to: randomUUID() })).rejects.toThrow(/foreign key/);
  });

  it('has no accepted one without its time, and no completed one without its end', async () => {
    const { delegate } = await setup();
    await expect(delegate({ status: 'accepted' })).rejects.toThrow(/check constraint/);
    await expect(delegate({ status: 'completed' })).rejects.toThrow(/check constraint/);
  });

  it.each(DELEGATION_STATUSES)('lets one that is %s become only what rule D1 says, whoever writes', async (from) => {
    const { delegate } = await setup();
    const insert = from === 'completed' ? 'accepted' : from;
    const id = await delegate({ status: insert, at: new Date() });
    const write = 'UPDATE task_delegations SET status = $2, completed_at = $3 WHERE id = $1';
    if (from === 'completed') await sql(write, [id, from, new Date()]);
    for (const to of DELEGATION_STATUSES) {
      if (to === from || canDelegationMove(from, to)) continue;
      const refusal = await refusalOf(write, [id, to, to === 'completed' ? new Date() : null]);
      expect(refusal).toBe(`delegation ${id} cannot go from ${from} to ${to}`);
    }
  });

  it('has the indexes of the specification (rule D10)', async () => {
    const found = await bench().database.query<{ indexname: string }>(
      "SELECT indexname FROM pg_indexes WHERE tablename = 'task_delegations'",
      { type: QueryTypes.SELECT },
    );
    expect(found.map((each) => each.indexname)).toEqual(
      expect.arrayContaining(
        ['task_id', 'source_instance_id', 'target_instance_id', 'status'].map(
          (column) => `ix_task_delegations_${column}`,
        ),
      ),
    );
  });
});

describe('tasks', () => {
  const end = 'UPDATE tasks SET status = $2, finished_at = now() WHERE id = $1';

  it.each(TASK_STATUSES.filter(isFinal))('keeps a task that is %s as it is (rule T3)', async (status) => {
    const { taskId } = await setup();
    await sql(end, [taskId, status]);
    for (const to of TASK_STATUSES.filter((each) => each !== status)) {
      expect(await refusalOf(end, [taskId, to])).toBe(`task ${taskId} is ${status}, which is final`);
    }
  });

  it.each([
    ['an end before it is final', 'SET finished_at = now()'],
    ['a final status without an end', "SET status = 'completed'"],
    ['a block without a reason', "SET status = 'blocked'"],
    ['a reason without a block', "SET blocked_on = 'held'"],
    ['an unknown reason', "SET status = 'blocked', blocked_on = 'lunch'"],
    ['a result of an open task', `SET result = '1'`],
    ['a failure of an open task', `SET failure = '{}'`],
    ['a step below zero', 'SET step = -1'],
    ['exclusions that are no list', `SET exclusions = '{}'`],
    ['no title', "SET title = ''"],
  ])('never has %s', async (_what, set) => {
    const { taskId } = await setup();
    expect(await refusalOf(`UPDATE tasks ${set} WHERE id = $1`, [taskId])).toMatch(/check constraint/);
  });
});

describe('hopper_instances', () => {
  it.each([
    ['a Global below something', 'global', 'global'],
    ['a project below a project', 'project', 'project'],
    ['a project below an orchestration', 'project', 'orchestration'],
    ['an orchestration below a Global', 'orchestration', 'global'],
    ['an orchestration below an orchestration', 'orchestration', 'orchestration'],
  ] as const)('never holds %s (rule I3)', async (_what, scope, parent) => {
    const tree = await plantTree(bench());
    await expect(plant(bench(), { scope, parentId: tree[parent].id })).rejects.toThrow(/constraint/);
  });

  it.each(['project', 'orchestration'] as const)('never holds a %s without a parent (rule I3)', async (scope) => {
    await expect(plant(bench(), { scope })).rejects.toThrow(/check constraint/);
  });

  it('never holds two live siblings of one name, whatever the case; a terminated one does not count (rule I3)', async () => {
    const { global } = await plantTree(bench());
    const below = { scope: 'project', parentId: global.id } as const;
    await plant(bench(), { ...below, name: 'Docs', status: 'terminated' });
    await plant(bench(), { ...below, name: 'Docs' });
    await expect(plant(bench(), { ...below, name: 'docs' })).rejects.toMatchObject({ code: 'instance_conflict' });
  });
});

describe('task_events and instance_events', () => {
  it.each([
    'UPDATE task_events SET type = $1',
    'DELETE FROM task_events WHERE type <> $1',
    'UPDATE instance_events SET type = $1',
    'DELETE FROM instance_events WHERE type <> $1',
  ])('are append-only: %s is refused (rule E1)', async (statement) => {
    await setup();
    expect(await refusalOf(statement, ['x'])).toMatch(/is append-only/);
  });

  it.each(['task_events', 'instance_events'])('are append-only: TRUNCATE %s is refused (rule E1)', async (table) => {
    expect(await refusalOf(`TRUNCATE ${table}`)).toBe(`${table} is append-only`);
  });

  it('survive the task that they tell of, whose delegations and decisions go with it (rule E3)', async () => {
    const { taskId, delegate } = await setup();
    await delegate();
    await sql('DELETE FROM tasks WHERE id = $1', [taskId]);
    expect(await count('SELECT FROM task_delegations WHERE task_id = $1', [taskId])).toBe(0);
    expect(await bench().reads.eventsOfTask(taskId)).toMatchObject([
      { seq: 1, type: 'task_submitted' },
      { seq: 2, type: 'deleted', actor: { name: 'hopper', role: 'system' }, data: { title: 'a task' } },
    ]);
  });

  it('let nobody bring a deleted task back (rule E3)', async () => {
    const { taskId, global } = await setup();
    await sql('DELETE FROM tasks WHERE id = $1', [taskId]);
    const again = 'INSERT INTO tasks (id, title, entry_instance_id, instance_id) VALUES ($1, $2, $3, $3)';
    expect(await refusalOf(again, [taskId, 'again', global.id])).toBe(`task ${taskId} was deleted`);
    await expect(submit(bench(), global, { id: taskId })).rejects.toMatchObject({ code: 'task_exists' });
  });

  it('hold one event for each command of a task (law 3)', async () => {
    const { taskId } = await setup();
    const insert = `INSERT INTO task_events (task_id, seq, type, actor, command_id) VALUES ($1, $2, 'x', '{}', 'one')`;
    await sql(insert, [taskId, 2]);
    await expect(sql(insert, [taskId, 3])).rejects.toMatchObject({ name: 'SequelizeUniqueConstraintError' });
  });
});

describe('routing_decisions', () => {
  it('hold one decision for each step of a task, and a target exactly for a delegation', async () => {
    const { taskId, global, project } = await setup();
    const insert = `INSERT INTO routing_decisions (id, task_id, step, instance_id, action, target_instance_id, reason,
      strategy, policy_hash) VALUES ($1, $2, 0, $3, $4, $5, '', '', '')`;
    expect(await refusalOf(insert, [randomUUID(), taskId, global.id, 'delegate', null])).toMatch(/check constraint/);
    expect(await refusalOf(insert, [randomUUID(), taskId, global.id, 'queue', project.id])).toMatch(/check constraint/);
    await sql(insert, [randomUUID(), taskId, global.id, 'queue', null]);
    await expect(sql(insert, [randomUUID(), taskId, global.id, 'queue', null])).rejects.toMatchObject({
      name: 'SequelizeUniqueConstraintError',
    });
  });
});
