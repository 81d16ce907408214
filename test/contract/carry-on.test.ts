import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { CommandEnvelope, TaskCommand } from '../../src/domain/task-command.ts';
import { carryOn } from '../../src/use-cases/carry-on.ts';
import { anActor } from '../support/builders.ts';
import { COMPLEX, aBench, plantTree, route, submit } from './setup.ts';

const bench = aBench();

/** A task that a project was offered; behind it is an orchestration that has to be asked, too. */
async function anOffer(): Promise<{ taskId: string; order: (command: TaskCommand) => CommandEnvelope; offer: string }> {
  const manual = { acceptance: 'manual' } as const;
  const tree = await plantTree(bench(), { project: manual, orchestration: manual });
  const taskId = await submit(bench(), tree.global, COMPLEX);
  const { offer, step } = await route(bench(), taskId);
  const commandId = randomUUID();
  const order = (command: TaskCommand): CommandEnvelope => ({
    ...{ taskId, commandId, expectedStep: step, actor: anActor('ana'), via: 'update', command },
  });
  return { taskId, order, offer: offer?.delegationId ?? '' };
}

const eventsOf = async (taskId: string): Promise<string[]> =>
  (await bench().reads.eventsOfTask(taskId)).map(({ type }) => type);

const ACCEPTED = ['task_submitted', 'task_delegated', 'delegation_accepted'];

describe('carryOn', () => {
  it('decides at once where a task goes that a command leaves to be routed, also when it runs twice (law 3)', async () => {
    const { taskId, order, offer } = await anOffer();
    const accept = order({ kind: 'accept', delegationId: offer });
    const offered = { verdict: 'done', row: { status: 'offered', step: 3 } };
    expect(await carryOn(bench().useCases, accept)).toMatchObject(offered);
    expect(await carryOn(bench().useCases, accept)).toMatchObject(offered);
    expect(await eventsOf(taskId)).toEqual([...ACCEPTED, 'task_delegated']);
  });

  it('goes on with the decision when it was killed after the command was committed', async () => {
    const { taskId, order, offer } = await anOffer();
    const accept = order({ kind: 'accept', delegationId: offer });
    await bench().useCases.applyCommand(accept);
    expect(await carryOn(bench().useCases, accept)).toMatchObject({ verdict: 'done', row: { status: 'offered' } });
    expect(await eventsOf(taskId)).toEqual([...ACCEPTED, 'task_delegated']);
  });

  it('answers the command, and leaves the task routing, where the decision fails', async () => {
    const { taskId, order, offer } = await anOffer();
    const { applyCommand } = bench().useCases;
    const routeTask = () => Promise.reject(new Error('the connection is gone'));
    const answer = await carryOn({ applyCommand, routeTask }, order({ kind: 'accept', delegationId: offer }));
    expect(answer).toMatchObject({ verdict: 'done', row: { status: 'routing', step: 2 } });
    expect(await eventsOf(taskId)).toEqual(ACCEPTED);
  });

  it('decides nothing after a conflict', async () => {
    const { taskId, order } = await anOffer();
    const wrong = await carryOn(bench().useCases, order({ kind: 'accept', delegationId: randomUUID() }));
    expect(wrong).toMatchObject({ verdict: 'conflict', code: 'delegation_not_found' });
    expect(await eventsOf(taskId)).toEqual(ACCEPTED.slice(0, 2));
  });
});
