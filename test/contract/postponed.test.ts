import { describe, expect, it } from '@jest/globals';
import { COMPLEX, aBench, order, plant, plantTree, rowOf, route, submit } from './setup.ts';

const bench = aBench();
const manual = { acceptance: 'manual' } as const;

/** Refuses the open offer for a while. */
async function postpone(taskId: string): Promise<void> {
  const { offer } = await route(bench(), taskId);
  const delegationId = offer?.delegationId ?? '';
  rowOf(await order(bench(), taskId, { kind: 'reject', delegationId, reason: 'full', retryable: true }));
}

async function decide(taskId: string) {
  const { step } = rowOf(await bench().useCases.readTask({ taskId }));
  return rowOf(await bench().useCases.routeTask({ taskId, expectedStep: step }));
}

describe('a retryable refusal', () => {
  it('lets the others have the task first (rule R8)', async () => {
    const global = await plant(bench());
    const below = { scope: 'project', parentId: global.id, config: manual } as const;
    await plant(bench(), { ...below, name: 'first', config: { ...manual, capabilities: ['x'] } });
    await plant(bench(), { ...below, name: 'second' });
    const taskId = await submit(bench(), global, { tags: ['x'] });
    await postpone(taskId);
    expect(await decide(taskId)).toMatchObject({ status: 'offered', offer: { to: 'second' } });
    const [, again] = await bench().repositories.decisions.ofTask(taskId);
    expect(again?.candidates).toContainEqual(
      expect.objectContaining({ name: 'first', why: expect.stringMatching(/^is to be asked again at 20/) }),
    );
  });

  it('makes a task that nobody else can take wait, in routing, with a time and a reason (rule R8)', async () => {
    const { global, project } = await plantTree(bench(), { project: { ...manual, retry_after_seconds: 1 } });
    await bench().models.Instance.update({ config: { retry_after_seconds: 3_600 } }, { where: { id: global.id } });
    const taskId = await submit(bench(), global);
    await postpone(taskId);
    const row = await decide(taskId);
    expect(row).toMatchObject({ status: 'routing', why: 'no other project is left: 1 to be asked again later' });
    expect(row.retryInMs).toBeGreaterThan(3_590_000);
    const events = await bench().reads.eventsOfTask(taskId);
    expect(events.at(-1)).toMatchObject({ type: 'task_postponed', data: { retry_at: expect.any(String) } });
    expect(project.status).toBe('running');
  });

  it('asks again after the time, three times at most, then rejects (rule R8)', async () => {
    const { global } = await plantTree(bench(), { project: manual });
    const taskId = await submit(bench(), global);
    for (let times = 1; times <= 3; times += 1) {
      await postpone(taskId);
      await backInTime(taskId);
    }
    expect(await route(bench(), taskId)).toMatchObject({ status: 'rejected' });
    expect(await bench().repositories.delegations.getDelegationsForTask(null, taskId)).toHaveLength(3);
  });

  it('neither creates an orchestration nor makes the project do complex work itself (rules R8 and C1)', async () => {
    const { project, global } = await plantTree(bench(), { orchestration: manual });
    const taskId = await submit(bench(), global, COMPLEX);
    await postpone(taskId);
    expect(await decide(taskId)).toMatchObject({ status: 'routing', holder: { id: project.id } });
    expect(await bench().repositories.instances.getChildren(null, project.id)).toHaveLength(1);
  });

  it('can be overruled by a person, who reroutes or reassigns (rules T4 and T5)', async () => {
    const { global, project } = await plantTree(bench(), { project: manual });
    const taskId = await submit(bench(), global);
    await postpone(taskId);
    expect(await decide(taskId)).toMatchObject({ status: 'routing' });
    await order(bench(), taskId, { kind: 'reroute', reason: 'now' });
    expect(await decide(taskId)).toMatchObject({ status: 'offered' });
    await postpone(taskId);
    await decide(taskId);
    const reassign = { kind: 'reassign', targetInstanceId: project.id, delegationType: 'reassign' } as const;
    expect(rowOf(await order(bench(), taskId, reassign))).toMatchObject({ status: 'offered' });
  });
});

/** As if the time after which a target may be asked again had passed. */
async function backInTime(taskId: string): Promise<void> {
  await bench().database.query(
    `UPDATE tasks SET exclusions = (SELECT jsonb_agg(each || '{"at": "2020-01-01T00:00:00Z"}') FROM jsonb_array_elements(exclusions) each) WHERE id = $1`,
    { bind: [taskId] },
  );
}
