import { Worker } from '@temporalio/worker';
import type { ExecuteTaskInput } from '../../../src/domain/execution.ts';
import type { taskWorkflow } from '../../../workflows/task.workflow.ts';
import { rests } from './at-rest.ts';
import { type Bench, type TaskHandle, update } from './bench.ts';
import { ended } from './ended.ts';
import type { FakeRow } from './fake-row.ts';
import { aPromise } from './gate.ts';
import { pushed } from './tree.ts';

type Scenario = (bench: Bench) => Promise<TaskHandle>;

/** Lives of tasks that are done by workers of Temporal, or in parts. */
export const WORK_SCENARIOS: Readonly<Record<string, Scenario>> = {
  async 'pushed-and-tried-again'(bench) {
    const failsOnce = ({ attempt }: ExecuteTaskInput) =>
      attempt === 1 ? Promise.reject(new Error('the disk is full')) : Promise.resolve({ words: 3 });
    return withWorker(bench, failsOnce, async () => {
      const { handle } = await bench.begin({ tree: pushed() });
      return ended(handle, 'completed');
    });
  },

  async 'pushed-and-cancelled'(bench) {
    const [begun, over] = [aPromise(), aPromise()];
    const work = () => {
      begun.resolve();
      return over.promise;
    };
    return withWorker(bench, work, async () => {
      const { handle } = await bench.begin({ tree: pushed() });
      await begun.promise;
      await update(handle, 'cancelTask', { by: 'ana' });
      return ended(handle, 'cancelled').finally(over.resolve);
    });
  },

  async 'done-in-parts'(bench) {
    const { handle, parts } = await bench.beginSplit(2);
    for (const part of parts) await completePart(bench, part);
    return ended(handle, 'completed');
  },

  async 'cancelled-with-open-parts'(bench) {
    const begun = await bench.beginSplit(2);
    const { handle, parts } = begun;
    const [part] = parts;
    await rests({ row: part!, handle: partHandle(bench, part!) }, 'queued');
    await update(handle, 'cancelTask', { by: 'ana' });
    return ended(handle, 'cancelled');
  },
};

async function completePart(bench: Bench, row: FakeRow): Promise<void> {
  const handle = partHandle(bench, row);
  await rests({ row, handle }, 'queued');
  await update(handle, 'completeTask', { by: 'ana', delegationId: row.chain.at(-1)!.id });
}

function partHandle({ environment }: Bench, { task }: FakeRow) {
  return environment.client.workflow.getHandle<typeof taskWorkflow>(`task/${task.id}`);
}

async function withWorker<Result>(
  { environment }: Bench,
  executeTask: (input: ExecuteTaskInput) => Promise<unknown>,
  meanwhile: () => Promise<Result>,
): Promise<Result> {
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: 'agents',
    activities: { executeTask },
  });
  return worker.runUntil(meanwhile);
}
