import { describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { eventNames } from './support/history.ts';
import { resultOf, untilOffered, useBench } from './support/bench.ts';

const ID = '01970000-0000-7000-8000-0000000000ff';
const task = { id: ID, title: 'Split the invoices' };

describe('the input of a workflow', () => {
  const bench = useBench();

  it.each([
    ['nothing', undefined, ['expected object']],
    ['null', null, ['expected object']],
    ['a list', [task], ['expected object']],
    ['text', 'Split the invoices', ['expected object']],
    ['no task', {}, ['task: ']],
    ['a task that is no object', { task: 'Split' }, ['task: ']],
    ['an id of a task that nobody knows', { task: { id: ID } }, ['task.title: ']],
    ['no id', { task: { title: 'Split' } }, ['task.id: ']],
    ['an id that is no UUID', { task: { ...task, id: '7' } }, ['task.id: Invalid UUID']],
    ['an empty title', { task: { ...task, title: ' ' } }, ['task.title: must not be empty']],
    ['a title that is too long', { task: { ...task, title: 'x'.repeat(501) } }, ['task.title: must have at most 500']],
    ['a NUL character', { task: { ...task, title: 'a\0b' } }, ['task.title: must not contain a NUL']],
    ['an unknown field', { task: { ...task, colour: 'red' } }, ['task: Unrecognized key: "colour"']],
    ['an unknown field beside the task', { task, queue: 1 }, ['Unrecognized key: "queue"']],
    [
      'many things at once',
      { task: { id: 7, title: 8, tags: 'billing', priority: 'now', estimatedDuration: -1, dueAt: 'soon' } },
      ['task.id: ', 'task.title: ', 'task.tags: ', 'task.priority: ', 'task.estimatedDuration: ', 'task.dueAt: '],
    ],
  ])('that is %s fails it at once, with every problem', async (_what, input, problems) => {
    const failure = await failureOf(`task/${ID}`, input);
    expect(failure).toMatchObject({ type: 'InvalidTask', nonRetryable: true });
    for (const problem of problems) expect(failure.message).toContain(problem);
    expect(failure.details?.length).toBeGreaterThanOrEqual(problems.length);
  });

  it.each([`task/${ID.replace('ff', 'ee')}`, ID, 'invoices', `task/${ID}/2`])(
    'whose id does not fit the workflow id %s fails it at once',
    async (workflowId) => {
      const failure = await failureOf(workflowId, { task });
      expect(failure).toMatchObject({ type: 'InvalidTask', nonRetryable: true });
      expect(failure.message).toContain(`task.id: must be the end of the workflow id, which is ${workflowId}`);
    },
  );

  it('that is wrong costs one attempt, and the workflow says nothing else', async () => {
    const handle = await bench().start(`task/${ID}`, { task: {} });
    await resultOf(handle).catch(() => undefined);
    const names = eventNames(await handle.fetchHistory());
    expect(names.filter((name) => name === 'MARKER_RECORDED')).toHaveLength(1);
    expect(names.at(-1)).toBe('WORKFLOW_EXECUTION_FAILED');
  });

  it('that is a whole task is put on record by the workflow itself', async () => {
    const { handle, row } = await bench().begin({ isOnRecord: false, title: 'From afar', tags: ['billing'] });
    await untilOffered(handle, 'billing');
    expect(row.task).toMatchObject({ title: 'From afar', tags: ['billing'], status: 'offered' });
  });

  async function failureOf(workflowId: string, input: unknown): Promise<ApplicationFailure> {
    const error: unknown = await resultOf(await bench().start(workflowId, input)).catch((thrown: unknown) => thrown);
    if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure))
      throw new Error(`it did not fail as it should: ${String(error)}`);
    return error.cause;
  }
});
