import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createQuestions } from '../../src/use-cases/ask-question.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createGiveBack } from '../../src/use-cases/give-back.ts';
import { anActor } from '../support/builders.ts';
import { aBench, order, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const worker = anActor('w1');
const ana = anActor('ana');

async function asked() {
  const { orchestration } = await plantTree(bench());
  const taskId = await submit(bench(), orchestration);
  await route(bench(), taskId);
  const wish = { instanceId: orchestration.id, workerId: 'w1', skills: null, actor: worker };
  const claim = () => createClaimTask(bench())({ ...wish, requestId: randomUUID() });
  const { lease } = (await claim())!;
  const questions = createQuestions(bench());
  await questions.ask(lease, worker, 'which account?');
  const answer = (text: string, commandId: string = randomUUID()) => questions.answer(taskId, ana, text, commandId);
  const task = async () => (await bench().repositories.tasks.get(null, taskId))!;
  return { orchestration, taskId, lease, claim, answer, task, questions };
}

describe('a question', () => {
  it('puts the task into the inbox, and its worker keeps lease and slot (rule W8)', async () => {
    const { orchestration, taskId, lease, task, claim } = await asked();
    expect(await task()).toMatchObject({ status: 'blocked', blockedOn: 'question' });
    expect(await bench().reads.inboxOf(orchestration.id)).toMatchObject([{ kind: 'question', task: { id: taskId } }]);
    expect(await bench().repositories.leases.extend(lease.id, lease.attempt)).not.toBeNull();
    expect(await claim()).toBeNull();
  });

  it('is asked once, however often it is sent; another one has to wait (rule W8)', async () => {
    const { questions, lease, task } = await asked();
    await questions.ask(lease, worker, 'which account?');
    expect((await task()).questions).toHaveLength(1);
    await expect(questions.ask(lease, worker, 'and which year?')).rejects.toMatchObject({ code: 'task_conflict' });
  });

  it('is answered once, and the task goes on with the worker that asked (rule W8)', async () => {
    const { answer, task } = await asked();
    await answer('the one of 2025');
    expect(await task()).toMatchObject({
      status: 'in_progress',
      questions: [{ text: 'which account?', askedBy: 'w1', answer: 'the one of 2025', answeredBy: 'ana' }],
    });
    await answer('the one of 2025');
    await expect(answer('another')).rejects.toMatchObject({ code: 'task_conflict' });
  });

  it('stays open when its worker goes, and nothing is counted; the next one gets the answer (rules W5 and W8)', async () => {
    const { lease, answer, task, claim } = await asked();
    await bench().database.query("UPDATE leases SET expires_at = now() - interval '1 day' WHERE id = $1", {
      bind: [lease.id],
    });
    expect(await createGiveBack(bench()).expire(lease)).toBe('done');
    expect(await task()).toMatchObject({ status: 'blocked', blockedOn: 'question', totalAttempts: 0 });
    expect(await bench().repositories.leases.get(null, lease.id)).toMatchObject({ outcome: 'expired' });
    await answer('2025');
    expect(await task()).toMatchObject({ status: 'queued' });
    expect((await claim())?.task.questions).toMatchObject([{ answer: '2025' }]);
  });

  it('does not keep its worker from finishing (rule W6)', async () => {
    const { taskId, lease, task } = await asked();
    await order(bench(), taskId, { kind: 'complete', leaseId: lease.id, result: 'found out myself' });
    expect(await task()).toMatchObject({ status: 'completed' });
  });

  it('is no held task: a held one is not answered (rule W8)', async () => {
    const { global } = await plantTree(bench(), { global: { on_unroutable: 'hold', routing_strategy: 'tag_first' } });
    await bench().models.Instance.update({ status: 'paused' }, { where: { parentId: global.id } });
    const taskId = await submit(bench(), global);
    await route(bench(), taskId);
    const answered = createQuestions(bench()).answer(taskId, ana, 'x', randomUUID());
    await expect(answered).rejects.toMatchObject({ code: 'task_conflict', message: expect.stringContaining('(held)') });
  });
});
