import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type TestHopper, type Tree, startHopper } from '../support/hopper.ts';
import { temporalAddress } from '../support/servers/addresses.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/temporal-client/task.mjs', import.meta.url));
const run = promisify(execFile);

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'security',
      scope: 'project',
      config: { capabilities: ['security'], acceptance: 'manual', complexity_threshold: -1 },
      children: [{ name: 'audit', scope: 'orchestration', config: { acceptance: 'manual' } }],
    },
  ],
};

describe('a client that knows Temporal and nothing of Hopper', () => {
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ tree: TREE });
  });
  afterAll(() => hopper.stop());

  it('takes a task from its start to its end, as examples/temporal-client shows', async () => {
    const { stdout } = await run(process.execPath, [EXAMPLE], {
      env: { TEMPORAL_ADDRESS: temporalAddress(), HOPPER_TASK_QUEUE: hopper.settings.taskQueue },
    });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^started task\/[0-9a-f-]{36}$/),
      expect.stringMatching(/^global offers it to security, because /),
      expect.stringMatching(/^security offers it to audit, because /),
      expect.stringMatching(/^it waits for somebody at audit to do it/),
      'ended completed',
    ]);

    const taskId = lines[0]!.slice('started task/'.length);
    const task = await hopper.service.tasks.get(taskId);
    expect(task).toMatchObject({ status: 'completed', result: { findings: 0 }, finishedBy: 'example' });
    expect(task).toMatchObject({ title: 'Look through the audit log', tags: ['security'], priority: 'high' });
    const { chain } = await hopper.service.tasks.chain(taskId);
    expect(chain.map((link) => [link.targetInstance.name, link.status, link.decidedBy])).toEqual([
      ['security', 'completed', 'example'],
      ['audit', 'completed', 'example'],
    ]);
  });

  it('is told every problem at once when its input is no task, and nothing is put on record', async () => {
    const id = randomUUID();
    const failure = await failureOf(id, { id, title: ' ', tags: 'security', priority: 'now', colour: 'red' });
    expect(failure).toMatchObject({ type: 'InvalidTask', nonRetryable: true });
    for (const path of ['task.title: ', 'task.tags: ', 'task.priority: ', 'colour']) {
      expect(failure.message).toContain(path);
    }
    await expect(hopper.service.tasks.get(id)).rejects.toMatchObject({ code: 'task_not_found' });
  });

  it.each([
    ['names a task that is not on record', {}, 'task.title: '],
    ['has another id than its workflow', { id: randomUUID(), title: 'other' }, 'must be the end of the workflow id'],
    ['names an instance that does not exist', { title: 'lost', instanceId: randomUUID() }, 'names no instance'],
  ])('is refused when its input %s', async (_what, fields, problem) => {
    const id = randomUUID();
    const failure = await failureOf(id, { id, ...fields });
    expect(failure).toMatchObject({ type: 'InvalidTask', nonRetryable: true });
    expect(failure.message).toContain(problem);
  });

  it('is refused when another task is on record under its id', async () => {
    const { task } = await hopper.submit({ title: 'first', tags: ['security'] });
    await hopper.temporal.workflow.getHandle(`task/${task.id}`).terminate('to be started anew');
    const failure = await failureOf(task.id, { id: task.id, title: 'second' });
    expect(failure).toMatchObject({ type: 'InvalidTask', nonRetryable: true });
    expect(failure.message).toContain('exists already, with another content');
  });

  async function failureOf(id: string, task: unknown): Promise<ApplicationFailure> {
    const options = { workflowId: `task/${id}`, taskQueue: hopper.settings.taskQueue, args: [{ task }] };
    const error: unknown = await hopper.temporal.workflow.execute('taskWorkflow', options).catch((e: unknown) => e);
    if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure))
      throw new Error(`it did not fail as it should: ${String(error)}`);
    return error.cause;
  }
});
