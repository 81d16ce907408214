import { afterEach, describe, expect, it } from '@jest/globals';
import { composeApi } from '../../src/composition.ts';
import { type TestHopper, type Tree, by, eventually, plant, startHopper, untilStatus } from '../support/hopper.ts';
import { workflowBundlePath } from '../support/servers/addresses.ts';
import { type TestProcess, startProcess } from './support/processes.ts';

const TASKS = 40;
const LET_THROUGH = 15;
/** A project that does everything itself. */
const DIRECT = { orchestration_threshold: 1_000 };
const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [{ name: 'leaving', scope: 'project', config: DIRECT }],
};

describe('a drain', () => {
  let hopper: TestHopper | undefined;
  let processes: TestProcess[] = [];
  afterEach(async () => {
    for (const each of processes) await each.kill();
    processes = [];
    await hopper?.stop();
  });

  /** Queued and offered tasks at a project, and a sibling that came too late for them. */
  const setup = async () => {
    const running = await startHopper({ tree: TREE });
    hopper = running;
    const { service, idOf } = running;
    const submitAll = async (count: number, status: string): Promise<string[]> => {
      const ids = await Promise.all(Array.from({ length: count }, async () => (await running.submit()).task.id));
      for (const id of ids) await untilStatus(running, id, status);
      return ids;
    };
    const queued = await submitAll(TASKS / 2, 'queued');
    await service.instances.patch(idOf('leaving'), { config: { ...DIRECT, acceptance: 'manual' } }, by());
    const offered = await submitAll(TASKS / 2, 'offered');
    const sibling = await plant(service, { name: 'staying', scope: 'project', config: DIRECT }, idOf('global'));
    await running.stopWorkers();
    const untilAllMoved = async (): Promise<void> => {
      await eventually(
        () => service.instances.get(idOf('leaving')),
        ({ status }) => status === 'stopped',
        90_000,
      );
      for (const id of [...queued, ...offered]) {
        const task = await untilStatus(running, id, 'queued');
        expect(task.instanceId).toBe(sibling.get('staying'));
        const events = (await service.tasks.events(id)).map(({ type }) => type);
        const moves = events.filter((type) => type === 'task_escalated' || type === 'delegation_withdrawn');
        expect(moves).toEqual([queued.includes(id) ? 'task_escalated' : 'delegation_withdrawn']);
      }
    };
    return { running, untilAllMoved };
  };

  it('whose worker is killed in the middle goes on with the next one: all tasks are moved, once, and none is lost', async () => {
    const { running, untilAllMoved } = await setup();
    const { service, settings, idOf } = running;
    const worker = await startProcess('worker-process.ts', {
      DATABASE_URL: settings.databaseUrl?.reveal() ?? '',
      TEMPORAL_ADDRESS: settings.temporalAddress ?? '',
      TASK_QUEUE: settings.taskQueue,
      HOPPER_HIERARCHY: '/dev/null',
      HOPPER_TEST_WORKFLOW_BUNDLE: workflowBundlePath(),
      WATCHED: 'leave',
      LET_THROUGH: String(LET_THROUGH),
    });
    processes.push(worker);
    await service.instances.move(idOf('leaving'), 'stop', by());
    await worker.heard((message) => message['committed'] === 'leave');
    await worker.kill();
    expect((await service.instances.get(idOf('leaving'))).status).toBe('stopping');
    await running.startWorker();
    await untilAllMoved();
  }, 180_000);

  it('that nobody could start is started by the check of a worker: the stop was on record', async () => {
    const { running, untilAllMoved } = await setup();
    const { settings, idOf } = running;
    const cutOff = await composeApi({ ...settings, temporalAddress: '127.0.0.1:1' });
    const stop = cutOff.service.instances.move(idOf('leaving'), 'stop', by());
    await expect(stop).rejects.toMatchObject({
      code: 'temporal_unavailable',
      message: expect.stringMatching(/^leaving is stopping and will be drained; /),
    });
    await cutOff.close();
    expect((await running.service.instances.get(idOf('leaving'))).status).toBe('stopping');
    await running.startWorker();
    await untilAllMoved();
  }, 180_000);
});
