import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningTemporal, startTemporal } from '../../src/stack/embedded-temporal.ts';
import { type TestHopper, startHopper, untilStatus } from '../support/hopper.ts';
import { giveOrder } from './support/orders.ts';
import { type TestProcess, startProcess } from './support/processes.ts';
import { OUTCOME, finishAll, readyTasks, timesOnRecord } from './support/ready-tasks.ts';

const WATCHED = 'accept,complete,escalate';

describe('SIGKILL right after the commit of accept, completion and escalation', () => {
  let folder: string;
  let temporal: RunningTemporal;
  let hopper: TestHopper | undefined;
  let processes: TestProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hopper-chaos-'));
    temporal = await startTemporal({ folder: join(folder, 'temporal'), hasUi: false });
  });
  afterEach(async () => {
    for (const each of processes) await each.kill();
    processes = [];
    await hopper?.stop();
  });
  afterAll(async () => {
    await temporal.close();
    await rm(folder, { recursive: true, force: true });
  });

  const setup = async () => {
    const running = await startHopper({ env: { TEMPORAL_ADDRESS: temporal.address } });
    hopper = running;
    const orders = await readyTasks(running);
    await running.stopWorkers();
    const { settings } = running;
    const env = {
      DATABASE_URL: settings.databaseUrl?.reveal() ?? '',
      TEMPORAL_ADDRESS: temporal.address,
      TASK_QUEUE: settings.taskQueue,
      HOPPER_HIERARCHY: '/dev/null',
    };
    const start = async (script: string, more: Record<string, string> = {}): Promise<TestProcess> => {
      const started = await startProcess(script, { ...env, ...more });
      processes.push(started);
      return started;
    };
    return { running, orders, start };
  };

  it('of the worker alone: the command runs again, is known, and its caller gets the answer', async () => {
    const { running, orders, start } = await setup();
    const worker = await start('worker-process.ts', { WATCHED });
    const answers = Promise.all(orders.map((order) => giveOrder(running.service, order)));
    await Promise.all(orders.map(({ taskId }) => worker.heard((message) => message['taskId'] === taskId)));
    await worker.kill();
    await running.startWorker();

    await answers;
    for (const order of orders) {
      const task = await untilStatus(running, order.taskId, OUTCOME[order.kind].status);
      expect(task.instanceId).toBe(running.idOf(OUTCOME[order.kind].instance));
      expect(await timesOnRecord(running, order)).toBe(1);
    }
    expect(await finishAll(running, orders)).toEqual(['completed', 'completed', 'completed']);
  });

  it('of the worker between accept and complete: the completion waits for the next worker', async () => {
    const { running, orders, start } = await setup();
    const worker = await start('worker-process.ts');
    const [offered] = orders;
    if (offered === undefined) throw new Error('no offer');
    await giveOrder(running.service, offered);
    await untilStatus(running, offered.taskId, 'queued');
    await worker.kill();
    const completing = finishAll(running, [offered]);
    await running.startWorker();
    expect(await completing).toEqual(['completed']);
    expect(await timesOnRecord(running, offered)).toBe(1);
  });

  it('of worker, Temporal and client together: the minute check finds the task and it goes on', async () => {
    const { running, orders, start } = await setup();
    const worker = await start('worker-process.ts', { WATCHED });
    const commander = await start('commander-process.ts');
    for (const order of orders) commander.child.send(order);
    await Promise.all(orders.map(({ taskId }) => worker.heard((message) => message['taskId'] === taskId)));
    process.kill(temporal.pid, 'SIGKILL');
    await Promise.all([worker.kill(), commander.kill()]);
    expect(commander.said).toEqual([{ ready: true }]);

    const [host = '', port = ''] = temporal.address.split(':');
    await temporal.close();
    const frontend = { exactly: Number(port), variable: 'PORT' };
    temporal = await startTemporal({ folder: join(folder, 'temporal'), host, ports: { frontend }, hasUi: false });
    await running.startWorker({ rereadEveryMs: 1_000, rereadSettleSeconds: 1 });

    for (const order of orders) {
      const task = await untilStatus(running, order.taskId, OUTCOME[order.kind].status);
      expect(task.instanceId).toBe(running.idOf(OUTCOME[order.kind].instance));
      expect(await timesOnRecord(running, order)).toBe(1);
    }
    expect(await finishAll(running, orders)).toEqual(['completed', 'completed', 'completed']);
    const results = orders.map(
      ({ taskId }) => running.temporal.workflow.getHandle(`task/${taskId}`).result() as Promise<unknown>,
    );
    expect(await Promise.all(results)).toMatchObject(orders.map(({ taskId }) => ({ taskId, status: 'completed' })));
  });
});
