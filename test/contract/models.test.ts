import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { NOW } from '../support/builders.ts';
import { aBench, plantTree, submit, within } from './setup.ts';

const bench = aBench();

async function setup() {
  const { repositories, models } = bench();
  const tree = await plantTree(bench());
  const taskId = await submit(bench(), tree.global);
  const ends = { sourceInstanceId: tree.global.id, targetInstanceId: tree.project.id };
  const delegation = await within(bench(), (transaction) =>
    repositories.delegations.create(transaction, { id: randomUUID(), taskId, hop: 0, ...ends }, NOW),
  );
  return { ...tree, models, taskId, delegation };
}

describe('defineModels', () => {
  it('associates a task with its delegations (Task.delegations, rule D11)', async () => {
    const { models, taskId, delegation } = await setup();
    const task = await models.Task.findByPk(taskId, { include: [{ association: 'delegations' }] });
    expect(task?.delegations?.map((each) => each.id)).toEqual([delegation.id]);
  });

  it('associates a delegation with its task and the instances at both ends', async () => {
    const { models, delegation, taskId, global, project } = await setup();
    const row = await models.Delegation.findByPk(delegation.id, {
      include: [{ association: 'task' }, { association: 'sourceInstance' }, { association: 'targetInstance' }],
    });
    expect(row).toMatchObject({
      task: { id: taskId },
      sourceInstance: { id: global.id, name: global.name },
      targetInstance: { id: project.id, name: project.name },
    });
  });

  it('associates an instance with its children', async () => {
    const { models, global, project } = await setup();
    const row = await models.Instance.findByPk(global.id, { include: [{ association: 'children' }] });
    expect(row?.get('children')).toMatchObject([{ id: project.id }]);
  });

  it('takes the delegations of a deleted task with it, and nobody else', async () => {
    const { models, taskId } = await setup();
    const other = await setup();
    await models.Task.destroy({ where: { id: taskId } });
    expect(await models.Delegation.count({ where: { taskId } })).toBe(0);
    expect(await models.Delegation.count({ where: { taskId: other.taskId } })).toBe(1);
  });
});
