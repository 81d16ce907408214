import { afterEach, describe, expect, it } from '@jest/globals';
import { DecomposeBody } from '../../src/domain/parts/part.schema.ts';
import { type TestHopper, type Tree, by, eventually, startHopper, untilStatus } from '../support/hopper.ts';
import { workflowBundlePath } from '../support/servers/addresses.ts';
import { type TestProcess, startProcess } from './support/processes.ts';

const PAIRS = 20;
const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [{ name: 'alone', scope: 'project', config: { orchestration_threshold: 1_000 } }],
};
/** Twenty that begin at once, and as many that each wait for one of them. */
const { parts, join } = DecomposeBody.parse({
  parts: Array.from({ length: PAIRS }, (_, no) => [
    { title: `first ${String(no)}`, key: `f${String(no)}` },
    { title: `then ${String(no)}`, key: `t${String(no)}`, after: [`f${String(no)}`] },
  ]).flat(),
});

describe('a task with forty parts', () => {
  let hopper: TestHopper | undefined;
  let worker: TestProcess | undefined;
  afterEach(async () => {
    await worker?.kill();
    await hopper?.stop();
  });

  it.each([
    ['the split is committed', 'decompose', 0],
    ['the first look at its parts is committed', 'join', 0],
    ['it has looked at its parts a few times', 'join', 4],
  ])(
    'whose worker is killed right after %s ends as if nothing was',
    async (_when, watched, letThrough) => {
      hopper = await startHopper({ tree: TREE, worker: null });
      const { service, settings, submit } = hopper;
      worker = await startProcess('worker-process.ts', {
        DATABASE_URL: settings.databaseUrl?.reveal() ?? '',
        TEMPORAL_ADDRESS: settings.temporalAddress ?? '',
        TASK_QUEUE: settings.taskQueue,
        HOPPER_HIERARCHY: '/dev/null',
        HOPPER_TEST_WORKFLOW_BUNDLE: workflowBundlePath(),
        WATCHED: watched,
        LET_THROUGH: String(letThrough),
      });
      const { task } = await submit();
      await untilStatus(hopper, task.id, 'queued');
      const splitting = service.tasks.command(task.id, { kind: 'decompose', parts, join }, by());
      const working = completeAll(hopper, task.id);
      await worker.heard((message) => message['committed'] === watched);
      await worker.kill();
      await hopper.startWorker();
      await splitting;
      await working;
      await untilStatus(hopper, task.id, 'completed');
      expect(await partsOf(hopper, task.id)).toHaveLength(2 * PAIRS);
      expect((await service.audit.run()).findings).toEqual([]);
    },
    180_000,
  );
});

async function partsOf({ service }: TestHopper, taskId: string) {
  return (await service.tasks.list({ parent_task_id: taskId, limit: 200 })).items;
}

/** Completes every part as soon as it is queued; whoever is not answered asks again. */
async function completeAll(hopper: TestHopper, taskId: string): Promise<void> {
  await eventually(
    async () => {
      const all = await partsOf(hopper, taskId);
      for (const { id } of all.filter((part) => part.status === 'queued'))
        await hopper.service.tasks.command(id, { kind: 'complete', result: id }, by()).catch(() => undefined);
      return all;
    },
    (all) => all.length === 2 * PAIRS && all.every((part) => part.status === 'completed'),
    150_000,
  );
}
