import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskCreateInput } from '../../src/domain/task.schema.ts';
import { type TestHopper, type Tree, by, eventually, startHopper, untilStatus } from '../support/hopper.ts';
import { FIRST_PYTHON_MS, pythonWith } from '../support/python.ts';
import { temporalAddress } from '../support/servers/addresses.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PYTHON = `${ROOT}/examples/push-worker-python`;
const LOADER = `${ROOT}/scripts/typescript-loader.mjs`;

/** The example, and how it is started: what the README beside it says. */
const EXAMPLES = {
  TypeScript: () =>
    Promise.resolve([process.execPath, '--import', LOADER, `${ROOT}/examples/push-worker-typescript/worker.ts`]),
  Python: async () => [await pythonWith(`${PYTHON}/requirements.txt`), `${PYTHON}/worker.py`],
} as const;

/** Two slots, one retry. */
const treeFor = (queue: string): Tree => ({
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'product',
      scope: 'project',
      children: [
        {
          name: 'counters',
          scope: 'orchestration',
          config: {
            executor: { type: 'temporal', task_queue: queue, heartbeat_timeout_seconds: 2 },
            ...{ max_concurrent_tasks: 2, max_retries: 1, retry_delay_seconds: 1 },
          },
        },
      ],
    },
  ],
});

describe.each(Object.entries(EXAMPLES))('a push worker in %s, from examples/', (_language, commandOf) => {
  const queue = `counters-${randomUUID()}`;
  let hopper: TestHopper;
  let worker: ChildProcessWithoutNullStreams | null = null;
  let said = '';

  beforeAll(async () => {
    const [program = '', ...args] = await commandOf();
    hopper = await startHopper({ worker: { sweepEveryMs: 200 }, tree: treeFor(queue) });
    worker = spawn(program, [...args, queue], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '', TEMPORAL_ADDRESS: temporalAddress() },
    });
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    await untilSaid(`works on ${queue}`);
  }, FIRST_PYTHON_MS);

  afterAll(async () => {
    if (worker?.exitCode === null) {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
    await hopper.stop();
  });

  const untilSaid = (words: string): Promise<string> =>
    eventually(
      () => Promise.resolve(said),
      (text) => text.includes(words),
    );
  const submit = async (fields: Partial<TaskCreateInput>): Promise<string> => {
    const { task } = await hopper.submit({ instance_id: hopper.idOf('counters'), ...fields });
    return task.id;
  };

  it('does a task, and what it returns is the result (rule U3)', async () => {
    const taskId = await submit({ description: 'one two three' });
    const task = await untilStatus(hopper, taskId, 'completed', 'failed');
    expect(task).toMatchObject({ result: { words: 3, attempt: 1 }, finishedBy: `temporal:${queue}` });
    expect(await hopper.service.leases.attempts(taskId)).toMatchObject([
      { workerId: `temporal:${queue}`, outcome: 'completed', expiresAt: null },
    ]);
  });

  it('that fails is given the task again after a rest (rule U4)', async () => {
    const taskId = await submit({ description: 'one two', tags: ['flaky'] });
    const task = await untilStatus(hopper, taskId, 'completed', 'failed');
    expect(task).toMatchObject({ status: 'completed', result: { words: 2, attempt: 2 }, totalAttempts: 1 });
    expect(await hopper.service.leases.attempts(taskId)).toMatchObject([
      { outcome: 'failed', reason: 'not at the first attempt' },
      { outcome: 'completed' },
    ]);
  });

  it('that says it can never be done fails the task for good (rule U4)', async () => {
    const taskId = await submit({ description: '' });
    expect(await untilStatus(hopper, taskId, 'completed', 'failed')).toMatchObject({
      status: 'failed',
      totalAttempts: 1,
      failure: { reason: 'there is nothing to count' },
    });
  });

  it('hears of a cancelled task by its heartbeat (rule U6)', async () => {
    const taskId = await submit({ description: 'a b '.repeat(1_000), metadata: { secondsPerWord: 0.2 } });
    await untilStatus(hopper, taskId, 'in_progress');
    const { waitsFor } = await hopper.service.tasks.explain(taskId);
    expect(waitsFor?.what).toContain(`a worker on the Temporal task queue "${queue}"`);
    await hopper.service.tasks.command(taskId, { kind: 'cancel', reason: 'not needed' }, by());
    await untilSaid(`cancelled ${taskId}`);
    expect(said).not.toContain(`done ${taskId}`);
    expect(await hopper.service.tasks.get(taskId)).toMatchObject({ status: 'cancelled', result: null });
  });

  it('is given more tasks than there are slots, one after another (rule U2)', async () => {
    const taskIds = await Promise.all(Array.from({ length: 6 }, () => submit({ description: 'one' })));
    for (const taskId of taskIds)
      expect(await untilStatus(hopper, taskId, 'completed', 'failed')).toMatchObject({ status: 'completed' });
    const slots = (await Promise.all(taskIds.map((taskId) => hopper.service.leases.attempts(taskId)))).flat();
    expect(new Set(slots.map((each) => each.slotNo)).size).toBeLessThanOrEqual(2);
  });
});
