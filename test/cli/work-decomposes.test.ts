import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApi, type TestApi } from '../http/api.ts';
import { by, type Tree, untilStatus } from '../support/hopper.ts';
import { hopperProgram } from '../support/servers/addresses.ts';
import { aScript, endWorkers, startWorker, untilWritten } from './worker.ts';

/** Heartbeats every second. */
const config = { worker_timeout_seconds: 4 };
const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [{ name: 'team', scope: 'project', children: [{ name: 'builds', scope: 'orchestration', config }] }],
};

describe('hopper work, when the command splits its task', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ tree: TREE });
  });
  afterEach(endWorkers);
  afterAll(() => api.stop());

  const split = async (after: string) => {
    const { task } = await api.hopper.submit({ instance_id: api.hopper.idOf('builds') });
    await untilStatus(api.hopper, task.id, 'queued');
    const hopper = `"${process.execPath}" "${hopperProgram()}"`;
    const script = aScript(
      `#!/bin/sh\n${hopper} decompose --part one --part two > $folder/told || exit 9\n${after}\necho over > $folder/over\necho ignored`,
    );
    const worker = startWorker({ HOPPER_URL: api.url }, 'builds', '--once', '--grace', '10', '--', script.path);
    const code = await worker.ended;
    expect(await untilWritten(script.folder, 'told')).not.toBe('');
    const [attempt] = await api.hopper.service.leases.attempts(task.id);
    const whole = await api.hopper.service.tasks.get(task.id);
    await api.hopper.service.tasks.command(task.id, { kind: 'cancel', reason: null }, by());
    return { code, worker, attempt, whole, folder: script.folder };
  };

  it.each([
    ['ends right after it', 'true'],
    ['ends with an error, which is nobody’s concern any more', 'exit 3'],
  ])(
    'and %s, reports it as decomposed (rule J1)',
    async (_what, after) => {
      const { code, worker, attempt, whole } = await split(after);
      expect(worker.names()).toEqual(expect.arrayContaining(['claimed', 'decomposed', 'stopped']));
      expect(worker.lines().at(-1)).toMatchObject({
        event: 'stopped',
        decomposed: 1,
        lost: 0,
        failed: 0,
        completed: 0,
      });
      expect(code).toBe(0);
      expect(attempt).toMatchObject({ outcome: 'decomposed' });
      expect(whole).toMatchObject({ status: 'waiting', join: 'all' });
    },
    60_000,
  );

  it('and goes on for a while, lets it end by itself when a heartbeat has told so (rule J1)', async () => {
    const { worker, folder } = await split('sleep 4');
    expect(worker.lines().at(-1)).toMatchObject({ event: 'stopped', decomposed: 1, lost: 0 });
    expect(await untilWritten(folder, 'over')).toBe('over');
  }, 60_000);
});
