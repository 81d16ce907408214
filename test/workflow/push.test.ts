import { afterEach, describe, expect, it } from '@jest/globals';
import { ApplicationFailure, RawValue } from '@temporalio/common';
import { Context, heartbeat } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { ExecuteTaskInput } from '../../src/domain/execution.ts';
import { type Begun, resultOf, stateOf, update, useBench } from './support/bench.ts';
import { rests } from './support/at-rest.ts';
import { eventNames } from './support/history.ts';
import { pushed } from './support/tree.ts';
import { until } from './support/until.ts';

/** As another SDK encodes what is no JSON. */
const UNKNOWN = RawValue.fromPayload({
  metadata: { encoding: new TextEncoder().encode('binary/protobuf') },
  data: new Uint8Array([8, 1]),
});

type Behave = (input: ExecuteTaskInput) => Promise<unknown>;

const failing = (message: string) => Promise.reject(new Error(message));
const given = async ({ attempt }: ExecuteTaskInput, ...answers: readonly unknown[]): Promise<unknown> => {
  const answer = answers[attempt - 1];
  if (answer instanceof Error) throw answer;
  return Promise.resolve(answer);
};

describe('a task at a push instance', () => {
  const bench = useBench();
  const workers: { worker: Worker; running: Promise<void> }[] = [];
  const inputs: ExecuteTaskInput[] = [];

  /** A worker of the task queue `agents`, as its author writes it. */
  async function startWorker(behave: Behave): Promise<void> {
    inputs.length = 0;
    const worker = await Worker.create({
      connection: bench().environment.nativeConnection,
      taskQueue: 'agents',
      maxHeartbeatThrottleInterval: 100,
      activities: {
        executeTask: (input: ExecuteTaskInput) => {
          inputs.push(input);
          return behave(input);
        },
      },
    });
    workers.push({ worker, running: worker.run() });
  }

  async function stopWorkers(): Promise<void> {
    for (const { worker, running } of workers.splice(0)) {
      worker.shutdown();
      await running;
    }
  }

  afterEach(stopWorkers);

  const begin = (arrange?: Parameters<ReturnType<typeof bench>['begin']>[0]): Promise<Begun> =>
    bench().begin({ tree: pushed(), title: 'Count the words', ...arrange });

  it('is done by a worker of its queue, which gets the task, the attempt and the lease, and no token (rule U3)', async () => {
    await startWorker((input) => given(input, { words: 3 }));
    const { handle, row, taskId } = await begin();
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.task).toMatchObject({ result: { words: 3 }, finishedBy: 'temporal:agents', totalAttempts: 0 });
    expect(inputs).toEqual([
      {
        attempt: 1,
        leaseId: expect.any(String),
        task: expect.objectContaining({ id: taskId, title: 'Count the words' }),
      },
    ]);
    expect(Object.keys(inputs[0]!.task)).toContain('estimatedDuration');
    expect(JSON.stringify(inputs)).not.toContain('token');
  });

  it('is tried again after each rest while retries are left, then climbs, and fails where nobody else is (rules U4 and R7)', async () => {
    await startWorker(() => failing('the disk is full'));
    const { handle, row } = await begin();
    const began = Number(await bench().now());
    expect(await resultOf(handle)).toMatchObject({ status: 'failed' });
    expect(row.events.filter((type) => type === 'attempt_failed')).toHaveLength(3);
    expect(row.events).toContain('task_escalated');
    expect(row.task.totalAttempts).toBe(4);
    expect(inputs.map((each) => each.attempt)).toEqual([1, 2, 3, 4]);
    expect(Number(await bench().now()) - began).toBeGreaterThanOrEqual(35_000);
  });

  it('fails for good by a failure that is not to be retried (rule U4)', async () => {
    await startWorker(() => Promise.reject(ApplicationFailure.nonRetryable('no such repository')));
    const { handle, row } = await begin();
    expect(await resultOf(handle)).toMatchObject({ status: 'failed', failure: { reason: 'no such repository' } });
    expect(row.task.totalAttempts).toBe(1);
    expect(inputs).toHaveLength(1);
  });

  it.each([
    ['too large', 'x'.repeat(70_000), /at most 65536 bytes/],
    ['binary', new Uint8Array([1, 2]), /must be JSON, and is binary/],
    ['in an encoding that nobody here knows', UNKNOWN, /must be JSON, and is binary/],
    ['not storable', 'a\0b', /NUL/],
  ])('is tried again where the result is %s (rule U3)', async (_what, result, words) => {
    await startWorker((input) => given(input, result, 'small'));
    const { handle, row } = await begin();
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.task).toMatchObject({ result: 'small', totalAttempts: 1 });
    expect(row.reasonsGiven.at(0)).toMatch(words);
  });

  it('that no worker takes in time is given back, rests and is tried again, and nothing is counted (rule U5)', async () => {
    const { handle, row } = await begin({ tree: pushed({ schedule_to_start_timeout_seconds: 1 }) });
    await until(
      () => row.events,
      (events) => events.includes('task_released'),
    );
    expect(row.reasonsGiven).toEqual(['a worker on the task queue "agents" did not take it within 1 s']);
    expect(row.task).toMatchObject({ totalAttempts: 0, hopAttempts: 0 });
    await startWorker((input) => Promise.resolve(input.attempt));
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.task).toMatchObject({ result: row.reasonsGiven.length, totalAttempts: 0 });
  });

  it('whose worker falls silent is a failed attempt (rule U4)', async () => {
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    await startWorker(async ({ attempt }) => {
      if (attempt === 1) await asleep;
      return attempt;
    });
    const { handle, row } = await begin({ tree: pushed({ heartbeat_timeout_seconds: 1 }) });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    wake();
    expect(row.events).toContain('attempt_expired');
    expect(row.reasonsGiven.at(0)).toBe('a worker on the task queue "agents" was not heard for 1 s');
    expect(row.task).toMatchObject({ result: 2, totalAttempts: 1 });
  });

  it('that is cancelled has its worker told, and what the worker answers then is left alone (rule U6)', async () => {
    let wasCancelled = false;
    await startWorker(async () => {
      const { cancelled } = Context.current();
      const beats = setInterval(heartbeat, 50);
      await cancelled
        .catch(() => (wasCancelled = true))
        .finally(() => {
          clearInterval(beats);
        });
      return 'too late';
    });
    const { handle, row } = await begin();
    await until(
      () => inputs.length,
      (count) => count === 1,
    );
    expect(await stateOf(handle)).toMatchObject({ waitsFor: 'a worker on the task queue agents' });
    expect(await update(handle, 'cancelTask', { by: 'ana' })).toMatchObject({ verdict: 'done' });
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
    await until(
      () => wasCancelled,
      (was) => was,
    );
    expect(row.task).toMatchObject({ status: 'cancelled', result: null });
  });

  it('goes on elsewhere when it is taken from its worker, which is told (rule U6)', async () => {
    let wasCancelled = false;
    await startWorker(async ({ attempt }) => {
      if (attempt > 1) return attempt;
      const beats = setInterval(heartbeat, 50);
      await Context.current()
        .cancelled.catch(() => (wasCancelled = true))
        .finally(() => {
          clearInterval(beats);
        });
      return 'too late';
    });
    const { handle, row } = await begin();
    await until(
      () => inputs.length,
      (count) => count === 1,
    );
    expect(await update(handle, 'rerouteTask', { by: 'ana', force: true })).toMatchObject({ verdict: 'done' });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    await until(
      () => wasCancelled,
      (was) => was,
    );
    expect(row.task).toMatchObject({ result: 2 });
  });

  it('waits while no slot is free, and takes one when it is told to look again (rule U2)', async () => {
    await startWorker((input) => given(input, 'done'));
    const begun = await begin({ arrange: (row) => (row.freeSlots = 0) });
    const { handle, row } = begun;
    await rests(begun, 'queued');
    expect(row.calls.filter(({ step }) => step === 'pushTask')).toHaveLength(1);
    expect(await stateOf(handle)).toMatchObject({
      waitsFor: 'a slot at agents, for a worker on the task queue agents',
    });
    row.freeSlots = 1;
    await handle.signal('reread');
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
  });

  it('is finished by an operator in spite of its worker (rule U6)', async () => {
    const begun = await begin();
    const { handle, row } = begun;
    await rests(begun, 'in_progress');
    const forced = { by: 'ana', force: true, result: 'by hand' };
    expect(await update(handle, 'completeTask', forced)).toMatchObject({ verdict: 'done' });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.task).toMatchObject({ result: 'by hand', finishedBy: 'ana' });
    const names = eventNames(await handle.fetchHistory());
    expect(names).toContain('ACTIVITY_TASK_CANCEL_REQUESTED');
  });

  it('with a lease that another run of its workflow took is a lost attempt, and tried again (rule U6)', async () => {
    await startWorker((input) => Promise.resolve(input.attempt));
    const { handle, row } = await begin({ arrange: (each) => (each.isLeasedElsewhere = true) });
    expect(await resultOf(handle)).toMatchObject({ status: 'completed' });
    expect(row.events).toContain('attempt_expired');
    expect(row.reasonsGiven.at(0)).toMatch(/was lost with the workflow run/);
    expect(row.task).toMatchObject({ result: 2, totalAttempts: 1 });
  });
});
