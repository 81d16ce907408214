import { afterEach, describe, expect, it } from '@jest/globals';
import { type TestHopper, type Tree, by, eventually, startHopper, untilStatus } from '../support/hopper.ts';
import { type TestProcess, startProcess } from './support/processes.ts';

const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [{ name: 'team', scope: 'project', config: { on_due_missed: 'escalate' } }],
};
const NEVER = { sweepEveryMs: 3_600_000 };

describe('SIGKILL of the worker right after it has put a missed due time on record', () => {
  let hopper: TestHopper | undefined;
  let worker: TestProcess | undefined;
  afterEach(async () => {
    await worker?.kill();
    await hopper?.stop();
  });

  it('leaves one event of it and one escalation, and the task goes on above (rule T6)', async () => {
    const running = await startHopper({ tree: TREE, worker: NEVER });
    hopper = running;
    const { task } = await running.submit({ title: 'due soon' });
    await untilStatus(running, task.id, 'queued');
    await running.stopWorkers();
    await running.service.tasks.patch(task.id, { due_at: new Date().toISOString() }, by());

    const { settings } = running;
    worker = await startProcess('worker-process.ts', {
      DATABASE_URL: settings.databaseUrl?.reveal() ?? '',
      TEMPORAL_ADDRESS: settings.temporalAddress ?? '',
      TASK_QUEUE: settings.taskQueue,
      HOPPER_HIERARCHY: '/dev/null',
      WATCHED: 'overdue',
    });
    await worker.heard((message) => message['committed'] === 'overdue');
    await worker.kill();
    await running.startWorker({ sweepEveryMs: 200, rereadEveryMs: 1_000, rereadSettleSeconds: 1 });

    const types = async () => (await running.service.tasks.events(task.id)).map(({ type }) => type);
    const gone = await eventually(types, (seen) => seen.at(-1) !== 'task_escalated');
    expect(gone.filter((type) => type === 'due_missed')).toHaveLength(1);
    expect(gone.filter((type) => type === 'task_escalated')).toHaveLength(1);
    expect(await running.service.tasks.get(task.id)).toMatchObject({
      status: 'rejected',
      failure: { code: 'unroutable' },
    });
  });
});
