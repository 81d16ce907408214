import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instance } from '../../src/domain/instance.ts';
import type { ClaimedWork } from '../../src/service/hopper-service.ts';
import type { DrainState } from '../../workflows/messages.ts';
import { type TestHopper, type Tree, by, eventually, plant, startHopper, untilStatus } from '../support/hopper.ts';

const COMPLEX = { estimated_duration: 240, tags: ['work', 'complex'] };
const project = (name: string, acceptance: 'auto' | 'manual', children: readonly Tree[] = []): Tree => ({
  name,
  scope: 'project',
  config: { capabilities: ['work'], acceptance },
  children,
});
const builds = (name: string): Tree => ({ name, scope: 'orchestration' });

describe('the stop of an instance', () => {
  let hopper: TestHopper;
  let ids: Map<string, string>;
  let trees = 0;
  beforeAll(async () => {
    hopper = await startHopper();
  });
  afterAll(() => hopper.stop());

  /** Each test has a tree of its own. */
  beforeEach(() => {
    ids = new Map();
  });
  const grow = async (...children: readonly Tree[]): Promise<void> => {
    trees += 1;
    ids = await plant(hopper.service, { name: `root-${String(trees)}`, scope: 'global', children }, null);
    ids.set('root', ids.get(`root-${String(trees)}`)!);
  };
  const idOf = (name: string): string => ids.get(name)!;
  const start = (name: string) => hopper.service.instances.move(idOf(name), 'start', by());
  const stop = (name: string) => hopper.service.instances.move(idOf(name), 'stop', by('olga'));
  const untilStopped = (name: string): Promise<Instance> =>
    eventually(
      () => hopper.service.instances.get(idOf(name)),
      ({ status }) => status === 'stopped',
    );
  const submitted = async (at: string, fields: object, ...statuses: string[]): Promise<string> => {
    const { task } = await hopper.submit({ tags: ['work'], instance_id: idOf(at), ...fields });
    await untilStatus(hopper, task.id, ...statuses);
    return task.id;
  };
  const untilAt = (taskId: string, name: string, status: string) =>
    eventually(
      () => hopper.service.tasks.get(taskId),
      (task) => task.instanceId === idOf(name) && task.status === status,
    );
  const pathOf = async (taskId: string): Promise<readonly string[]> => {
    const { chain } = await hopper.service.tasks.chain(taskId);
    return chain.map((link) => `${link.sourceInstance.name} > ${link.targetInstance.name}: ${link.status}`);
  };
  const claim = async (name: string): Promise<ClaimedWork> => {
    const body = { worker_id: 'w1', wait_seconds: 0, subtree: false };
    const claimed = await hopper.service.leases.claim(idOf(name), body, by(), new AbortController().signal);
    return claimed!;
  };
  const drainOf = (name: string) => hopper.temporal.workflow.getHandle(`drain/${idOf(name)}`);

  it('is answered at once, is on record by whom, and ends by itself (rule I5)', async () => {
    await grow(project('idle', 'auto'));
    expect((await stop('idle')).status).toMatch(/^(stopping|stopped)$/);
    await untilStopped('idle');
    expect(await drainOf('idle').result()).toEqual({ instanceId: idOf('idle'), status: 'stopped' });
    const events = await hopper.service.instances.events(idOf('idle'));
    expect(events.map(({ type, actor }) => [type, actor.name]).slice(-2)).toEqual([
      ['instance_stopping', 'olga'],
      ['instance_stopped', 'hopper'],
    ]);
  });

  it('gives an open offer to the sibling (rule I4)', async () => {
    await grow(project('leaving', 'manual'));
    const taskId = await submitted('root', {}, 'offered');
    await plant(hopper.service, project('staying', 'manual'), idOf('root')).then((more) => {
      ids.set('staying', more.get('staying')!);
    });
    await stop('leaving');
    await untilStopped('leaving');
    await eventually(
      () => pathOf(taskId),
      (path) => path.at(-1)?.endsWith('staying: pending') === true,
    );
    const { chain } = await hopper.service.tasks.chain(taskId);
    expect(chain[0]).toMatchObject({ status: 'cancelled', decidedBy: 'hopper', notes: 'leaving is stopping' });
  });

  it('lets queued tasks climb from an orchestration and go to its sibling (rule I4)', async () => {
    await grow(project('product', 'auto', [builds('leaving')]));
    const taskIds = [
      await submitted('root', COMPLEX, 'queued'),
      await submitted('root', COMPLEX, 'queued'),
      await submitted('product', COMPLEX, 'queued'),
    ];
    await plant(hopper.service, builds('staying'), idOf('product')).then((more) => {
      ids.set('staying', more.get('staying')!);
    });
    await stop('leaving');
    await untilStopped('leaving');
    for (const taskId of taskIds) await untilAt(taskId, 'staying', 'queued');
    expect(await pathOf(taskIds[2]!)).toEqual([
      'product > leaving: cancelled',
      'leaving > product: completed',
      'product > staying: accepted',
    ]);
  });

  it("moves a project's own work on, and leaves what is below it there", async () => {
    await grow(project('leaving', 'auto', [builds('below')]));
    const [direct, deep] = [await submitted('root', {}, 'queued'), await submitted('root', COMPLEX, 'queued')];
    await plant(hopper.service, project('staying', 'auto'), idOf('root')).then((more) => {
      ids.set('staying', more.get('staying')!);
    });
    await stop('leaving');
    await untilStopped('leaving');
    await untilAt(direct, 'staying', 'queued');
    await untilAt(deep, 'below', 'queued');
    await hopper.service.tasks.command(deep, { kind: 'complete' }, by());
    expect((await hopper.service.tasks.get(deep)).status).toBe('completed');
  });

  it('holds what entered there until it runs again and somebody reroutes it (rule I4)', async () => {
    await grow(project('product', 'auto'));
    const taskId = await submitted('product', {}, 'queued');
    await stop('product');
    await untilStopped('product');
    expect(await hopper.service.tasks.get(taskId)).toMatchObject({ status: 'blocked', blockedOn: 'held' });
    await hopper.service.tasks.command(taskId, { kind: 'reroute' }, by());
    await untilAt(taskId, 'product', 'blocked');
    await start('product');
    await hopper.service.tasks.command(taskId, { kind: 'reroute' }, by());
    await untilAt(taskId, 'product', 'queued');
  });

  it('loses nothing when nobody else is there: the task waits above, and comes back when it runs again', async () => {
    await grow(project('only', 'auto'));
    const taskId = await submitted('root', {}, 'queued');
    await stop('only');
    await untilStopped('only');
    await untilAt(taskId, 'root', 'blocked');
    await start('only');
    await hopper.service.tasks.command(taskId, { kind: 'reroute' }, by());
    await untilAt(taskId, 'only', 'queued');
  });

  it('of a Global withdraws its offers and holds its tasks (rule I4)', async () => {
    await grow(project('asked', 'manual'));
    const taskId = await submitted('root', {}, 'offered');
    await stop('root');
    await untilStopped('root');
    await untilAt(taskId, 'root', 'blocked');
    expect(await pathOf(taskId)).toEqual([`root-${String(trees)} > asked: cancelled`]);
  });

  it('waits for a worker, and goes on as soon as it gives the task back (rules I4 and I5)', async () => {
    await grow(project('working', 'auto'));
    const taskId = await submitted('root', {}, 'queued');
    const { lease, token } = await claim('working');
    await stop('working');
    await eventually(
      () => drainOf('working').query<DrainState>('drainState'),
      ({ left }) => left[0]?.status === 'in_progress',
    );
    await hopper.service.leases.heartbeat(lease.id, token, {});
    await hopper.service.leases.release(lease.id, token, 'going home');
    await untilStopped('working');
    await untilAt(taskId, 'root', 'blocked');
  });

  it('that is forced later fences the worker out, on record, and moves its task on (rules I4 and W6)', async () => {
    await grow(project('working', 'auto'));
    const taskId = await submitted('root', {}, 'queued');
    const { lease, token } = await claim('working');
    await stop('working');
    await hopper.service.instances.move(idOf('working'), 'stop', by('otto'), { force: true });
    await untilStopped('working');
    await untilAt(taskId, 'root', 'blocked');
    const ended = { code: 'lease_conflict', message: expect.stringContaining('working is stopping, forced by otto') };
    await expect(hopper.service.leases.heartbeat(lease.id, token, {})).rejects.toMatchObject(ended);
    await expect(
      hopper.service.leases.complete(lease.id, token, { result: 'late', output: null }),
    ).rejects.toMatchObject(ended);
    expect(await hopper.service.leases.attempts(taskId)).toMatchObject([{ outcome: 'left' }]);
  });

  it('can be repeated, and come again after a start', async () => {
    await grow(project('again', 'auto'));
    for (let times = 0; times < 3; times += 1) {
      const taskId = await submitted('root', {}, 'queued', 'blocked');
      await Promise.all([stop('again'), stop('again')]);
      await untilStopped('again');
      await untilAt(taskId, 'root', 'blocked');
      expect((await stop('again')).status).toBe('stopped');
      await start('again');
    }
    const types = (await hopper.service.instances.events(idOf('again'))).map(({ type }) => type);
    expect(types.filter((type) => type === 'instance_stopped')).toHaveLength(3);
  });

  it('is carried on by the check of a worker if whoever stopped it died right then (rule I5)', async () => {
    await grow(project('orphan', 'auto'));
    const taskId = await submitted('root', {}, 'queued');
    const { sql } = hopper;
    await sql.query(`UPDATE hopper_instances SET status = 'stopping' WHERE id = $1`, { bind: [idOf('orphan')] });
    await expect(drainOf('orphan').describe()).rejects.toThrow(/not found/);
    await hopper.stopWorkers();
    await hopper.startWorker();
    await untilStopped('orphan');
    await untilAt(taskId, 'root', 'blocked');
  });
});
