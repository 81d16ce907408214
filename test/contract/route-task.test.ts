import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aPolicy } from '../support/builders.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, rowOf, submit } from './setup.ts';

const bench = aBench(aPolicy({ global: { auto_create_projects: true } }));

const everything = async (taskId: string) => ({
  events: await bench().reads.eventsOfTask(taskId),
  delegations: await bench().repositories.delegations.getDelegationsForTask(null, taskId),
  decisions: await bench().repositories.decisions.ofTask(taskId),
});

describe('createRouteTask', () => {
  it('writes decision, delegation, event and row together, and answers with the row (rule R1)', async () => {
    const { global, project } = await plantTree(bench(), { project: { capabilities: ['billing'] } });
    const taskId = await submit(bench(), global, { tags: ['Billing', 'x'] });
    const result = await bench().useCases.routeTask({ taskId, expectedStep: 0 });
    expect(result).toMatchObject({ verdict: 'done', row: { status: 'routing', step: 1, holder: { id: project.id } } });
    const { events, delegations, decisions } = await everything(taskId);
    expect(events.map((each) => each.type)).toEqual(['task_submitted', 'task_delegated']);
    expect(delegations).toMatchObject([{ hop: 0, status: 'accepted', targetInstanceId: project.id }]);
    expect(decisions).toMatchObject([
      {
        step: 0,
        instanceId: global.id,
        action: 'delegate',
        targetInstanceId: project.id,
        reason: '1 of 2 tags match: billing',
        strategy: 'tags',
        policyHash: 'a hash',
        candidates: [{ instanceId: project.id, score: 1, chosen: true }],
        candidatesLeftOut: 0,
      },
    ]);
  });

  it('tells each decision to the outside after it is on record', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    await route(bench(), taskId);
    const told = bench().told.filter((each) => each.taskId === taskId);
    expect(told).toEqual(await bench().repositories.decisions.ofTask(taskId));
  });

  it('takes a complex task down to the orchestration and a simple one to the project (rules P1 and O1)', async () => {
    const { global, project, orchestration } = await plantTree(bench());
    const complex = await route(bench(), await submit(bench(), global, COMPLEX));
    expect(complex).toMatchObject({ status: 'queued', holder: { id: orchestration.id }, project: project.name });
    expect(complex.links.map((link) => link.hop)).toEqual([0, 1]);
    const simple = await route(bench(), await submit(bench(), global));
    expect(simple).toMatchObject({ status: 'queued', holder: { id: project.id } });
  });

  it('run again with the same step changes nothing and answers with the row as it is (law 3)', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    const first = await bench().useCases.routeTask({ taskId, expectedStep: 0 });
    const written = await everything(taskId);
    expect(await bench().useCases.routeTask({ taskId, expectedStep: 0 })).toEqual(first);
    expect(await everything(taskId)).toEqual(written);
  });

  it('run several times at once is written once (law 3)', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    const ask = { taskId, expectedStep: 0 };
    const all = await Promise.all(Array.from({ length: 5 }, () => bench().useCases.routeTask(ask)));
    expect(new Set(all.map((each) => each.verdict))).toEqual(new Set(['done']));
    expect((await everything(taskId)).delegations).toHaveLength(1);
  });

  it('for a step that has passed, or has not come, writes nothing and says so (law 3)', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    const ahead = await bench().useCases.routeTask({ taskId, expectedStep: 7 });
    expect(ahead).toMatchObject({ verdict: 'moved', row: { step: 0 } });
    expect((await everything(taskId)).events).toHaveLength(1);
  });

  it('decides nothing for a task that waits for somebody', async () => {
    const { global } = await plantTree(bench());
    const taskId = await submit(bench(), global);
    const row = await route(bench(), taskId);
    const again = await bench().useCases.routeTask({ taskId, expectedStep: row.step });
    expect(again).toEqual({ verdict: 'done', row });
  });

  it('says that a deleted task is gone', async () => {
    expect(await bench().useCases.routeTask({ taskId: randomUUID(), expectedStep: 0 })).toEqual({ verdict: 'gone' });
  });

  it('offers to a target that accepts by hand, by its own config, and waits (rule Y2)', async () => {
    const manual = { acceptance: 'manual', acceptance_timeout_seconds: 60 } as const;
    const { global, project } = await plantTree(bench(), { project: manual });
    const row = await route(bench(), await submit(bench(), global));
    expect(row).toMatchObject({ status: 'offered', holder: { id: global.id }, offer: { to: project.name } });
    expect(row.offer?.expiresInMs).toBe(60_000);
  });

  it('goes elsewhere after a refusal, and never back (rule R3)', async () => {
    const { global, project } = await plantTree(bench(), { project: { acceptance: 'manual', capabilities: ['x'] } });
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const taskId = await submit(bench(), global, { tags: ['x'] });
    const { offer } = await route(bench(), taskId);
    const delegationId = offer?.delegationId ?? '';
    await order(bench(), taskId, { kind: 'reject', delegationId, reason: 'not ours' });
    expect(await route(bench(), taskId)).toMatchObject({ holder: { id: other.id } });
    const last = await order(bench(), taskId, { kind: 'reroute' });
    expect(rowOf(last).status).toBe('routing');
    expect(await route(bench(), taskId)).not.toMatchObject({ holder: { id: project.id } });
  });

  it('never puts an instance on the path twice, not even the entry (rule D8)', async () => {
    const { project, orchestration } = await plantTree(bench());
    const taskId = await submit(bench(), orchestration, COMPLEX);
    await route(bench(), taskId);
    await order(bench(), taskId, { kind: 'reassign', targetInstanceId: project.id, delegationType: 'reassign' });
    expect(await route(bench(), taskId)).toMatchObject({ status: 'queued', holder: { id: project.id } });
  });

  it('lets an instance that has stopped hand back what it holds; nobody else can take it, and it is held (rules B4 and I4)', async () => {
    const { global, project } = await plantTree(bench(), { global: { auto_create_projects: false } });
    const taskId = await submit(bench(), global);
    await bench().useCases.routeTask({ taskId, expectedStep: 0 });
    await bench().models.Instance.update({ status: 'stopped' }, { where: { id: project.id } });
    const row = await route(bench(), taskId);
    expect(row).toMatchObject({ status: 'blocked', blockedOn: 'held', holder: { id: global.id } });
    expect(row.links).toMatchObject([
      { delegationType: 'route', status: 'cancelled' },
      { delegationType: 'escalate', status: 'completed', why: `${project.name} is stopped` },
    ]);
  });

  it('holds a task that nobody can take if the instance says so (rules R7 and Y2)', async () => {
    const global = await plant(bench(), { config: { on_unroutable: 'hold', auto_create_projects: false } });
    const row = await route(bench(), await submit(bench(), global));
    expect(row).toMatchObject({ status: 'blocked', blockedOn: 'held' });
  });

  it('creates the instance that is wanted once, when 20 tasks ask for it at once (rules C1 and C3)', async () => {
    const global = await plant(bench());
    const tasks = await Promise.all(Array.from({ length: 20 }, () => submit(bench(), global, { tags: ['billing'] })));
    const rows = await Promise.all(tasks.map((taskId) => route(bench(), taskId)));
    const made = await bench().repositories.instances.getChildren(null, global.id);
    expect(made).toMatchObject([
      { name: 'billing', scope: 'project', status: 'running', config: { capabilities: ['billing'] } },
    ]);
    expect(new Set(rows.map((row) => row.links[0]?.to.id))).toEqual(new Set([made[0]?.id]));
    expect((await bench().reads.eventsOfInstance(made[0]!.id)).map((each) => each.type)).toEqual([
      'instance_created',
      'instance_starting',
      'instance_running',
    ]);
  });

  it('creates no more than the limit allows, terminated ones aside (rule C2)', async () => {
    const global = await plant(bench(), { config: { max_projects: 1 } });
    const below = { scope: 'project', parentId: global.id, name: 'billing' } as const;
    await plant(bench(), { ...below, status: 'terminated' });
    const first = await route(bench(), await submit(bench(), global, { tags: ['billing'] }));
    expect(first.links[0]?.to.name).toBe('billing');
    await bench().models.Instance.update({ status: 'stopped' }, { where: { id: first.links[0]?.to.id ?? '' } });
    const second = await route(bench(), await submit(bench(), global, { tags: ['billing'] }));
    expect(second).toMatchObject({
      status: 'rejected',
      failure: { reason: expect.stringContaining('max_projects (1)') },
    });
  });

  it('gives a new instance a free name if a stopped one has it (rule C3)', async () => {
    const global = await plant(bench());
    await plant(bench(), { scope: 'project', parentId: global.id, name: 'Billing', status: 'stopped' });
    const row = await route(bench(), await submit(bench(), global, { tags: ['billing'] }));
    expect(row.links[0]?.to.name).toBe('billing-2');
  });

  it('follows metadata.project_id only to a running project of this Global (rule R2)', async () => {
    const { global, project } = await plantTree(bench());
    const foreign = await plantTree(bench());
    const to = async (project_id: unknown) =>
      route(bench(), await submit(bench(), global, { metadata: { project_id } }));
    expect(await to(project.id)).toMatchObject({ status: 'queued', holder: { id: project.id } });
    for (const wrong of [foreign.project.id, randomUUID(), 'billing', 7, [project.id]])
      expect(await to(wrong)).toMatchObject({ status: 'rejected', failure: { code: 'unroutable' } });
  });

  it('is fair: turns go round while nothing matches (rule R2)', async () => {
    const global = await plant(bench());
    for (const name of ['a', 'b', 'c']) await plant(bench(), { scope: 'project', parentId: global.id, name });
    const names = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const row = await route(bench(), await submit(bench(), global));
      names.push(row.links[0]?.to.name);
    }
    expect(new Set(names.slice(0, 3))).toEqual(new Set(['a', 'b', 'c']));
    expect(names.slice(3)).toEqual(names.slice(0, 3));
  });
});
