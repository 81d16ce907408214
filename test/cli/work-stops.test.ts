import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { ADMIN } from '../../src/domain/actor.ts';
import { type Listening, listen } from '../../src/http/listen.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { by, eventually, startHopper, type TestHopper, type Tree, untilStatus } from '../support/hopper.ts';
import { hopper as run } from './cli.ts';
import { isAlive } from './up.ts';
import { aScript, endWorkers, startWorker, untilWritten } from './worker.ts';

/** Heartbeats every second; the others have the default, of which a third would be 100 seconds. */
const config = { worker_timeout_seconds: 4, retry_delay_seconds: 600 };
const names = ['cancelled', 'lost', 'drained', 'insisted', 'away', 'gone', 'late', 'unread'] as const;
const TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'team',
      scope: 'project',
      children: names.map((name) => ({ name, scope: 'orchestration', config: name === 'cancelled' ? {} : config })),
    },
  ],
};

/** Writes its process ids, ignores SIGTERM with all that it starts, and never ends by itself. */
const STUBBORN = `#!/bin/sh
  trap '' TERM
  sleep 300 &
  echo "$$ $!" > "$folder/pids"
  echo "$HOPPER_LEASE_ID $HOPPER_LEASE_TOKEN" > "$folder/lease"
  wait; wait; sleep 300`;

/** Runs until there is a file \`go\`. */
const PATIENT = `#!/bin/sh
  echo $$ > "$folder/pids"
  until [ -e "$folder/go" ]; do sleep 0.05; done
  echo '"done"'`;

describe('hopper work', () => {
  let hopper: TestHopper;
  let api: Listening;
  const serveAt = (port: number): Promise<Listening> => {
    const app = createHttpServer({ service: hopper.service, log: pino({ level: 'silent' }), identify: () => ADMIN });
    return listen(app, { host: '127.0.0.1', port });
  };
  beforeAll(async () => {
    hopper = await startHopper({ tree: TREE, worker: { sweepEveryMs: 300, rereadEveryMs: 500 } });
    api = await serveAt(0);
  });
  afterEach(endWorkers);
  afterAll(async () => {
    await api.close();
    await hopper.stop();
  });

  const queued = async (at: (typeof names)[number]): Promise<string> => {
    const { task } = await hopper.submit({ instance_id: hopper.idOf(at) });
    await untilStatus(hopper, task.id, 'queued');
    return task.id;
  };
  const start = (...args: string[]) => startWorker({ HOPPER_URL: api.url }, ...args);
  const pidsOf = async (folder: string): Promise<number[]> =>
    (await untilWritten(folder, 'pids')).split(' ').map(Number);
  const untilGone = (pids: readonly number[]) =>
    eventually(
      () => Promise.resolve(pids.filter(isAlive)),
      (alive) => alive.length === 0,
    );
  const attemptsOf = (id: string) => hopper.service.leases.attempts(id);

  it('ends a command that ignores SIGTERM, and all it started, when its task is cancelled', async () => {
    const script = aScript(STUBBORN);
    const id = await queued('cancelled');
    const worker = start('cancelled', '--once', '--grace', '1', '--', script.path);
    const pids = await pidsOf(script.folder);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await hopper.service.tasks.command(id, { kind: 'cancel', reason: 'not needed' }, by());
    const cancelled = performance.now();
    await untilGone(pids);
    expect(performance.now() - cancelled).toBeLessThan(15_000);
    expect(await worker.ended).toBe(0);
    expect(worker.names()).toEqual(expect.arrayContaining(['claimed', 'lost']));
    expect(worker.names()).not.toContain('failed');
    expect(await hopper.service.tasks.get(id)).toMatchObject({ status: 'cancelled' });
    expect(await attemptsOf(id)).toMatchObject([{ outcome: 'left' }]);
  });

  it('reports nothing about a task that it has lost, and claims the next one', async () => {
    const script = aScript(`#!/bin/sh
      if [ -e "$folder/lease" ]; then echo '"second"'; exit; fi
      ${STUBBORN}`);
    const id = await queued('lost');
    const worker = start('lost', '--max-tasks', '2', '--grace', '0', '--', script.path);
    const [lease = '', token = ''] = (await untilWritten(script.folder, 'lease')).split(' ');
    const released = await run(['release', lease], { HOPPER_URL: api.url, HOPPER_LEASE_TOKEN: token });
    expect(released.code).toBe(0);
    expect((await worker.until('lost')).reason).toMatch(/lease has ended \(released\)/);
    expect(await worker.ended).toBe(0);
    expect(await attemptsOf(id)).toMatchObject([{ outcome: 'released' }, { outcome: 'completed' }]);
    await untilGone(await pidsOf(script.folder));
  });

  it('takes with it what it runs when nobody reads its output any more', async () => {
    const script = aScript(PATIENT);
    await queued('unread');
    const worker = start('unread', '--', script.path);
    const pids = await pidsOf(script.folder);
    worker.closeOutput();
    expect(await worker.ended).toBe(0);
    await untilGone(pids);
  });

  it('finishes what runs after Ctrl-C, and claims nothing more', async () => {
    const script = aScript(PATIENT);
    const [first, second] = [await queued('drained'), await queued('drained')];
    const worker = start('drained', '--', script.path);
    const pids = await pidsOf(script.folder);
    worker.signal('SIGINT');
    expect(await worker.until('draining')).toMatchObject({ running: 1 });
    expect(pids.every(isAlive)).toBe(true);
    writeFileSync(join(script.folder, 'go'), '');
    expect(await worker.ended).toBe(0);
    expect(await hopper.service.tasks.get(first)).toMatchObject({ status: 'completed', result: 'done' });
    expect(await attemptsOf(second)).toEqual([]);
    expect(worker.lines().at(-1)).toMatchObject({ event: 'stopped', completed: 1 });
  });

  it('stops at once when it only waits for a task', async () => {
    const worker = start('gone', '--', 'true');
    await worker.until('started');
    const asked = performance.now();
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  it('ends what runs and gives the task back when it is told to stop twice', async () => {
    const script = aScript(STUBBORN);
    const id = await queued('insisted');
    const worker = start('insisted', '--grace', '1', '--', script.path);
    const pids = await pidsOf(script.folder);
    worker.signal('SIGINT');
    await worker.until('draining');
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(130);
    await untilGone(pids);
    expect(worker.names().slice(-4)).toEqual(['draining', 'terminating', 'released', 'stopped']);
    expect(await attemptsOf(id)).toMatchObject([{ outcome: 'released', reason: 'its worker was stopped' }]);
    expect(await hopper.service.tasks.get(id)).toMatchObject({ status: 'queued', totalAttempts: 0 });
  });

  it('goes on while the API is away, and tells the result when it is back', async () => {
    const script = aScript(PATIENT);
    const id = await queued('away');
    const worker = start('away', '--max-tasks', '2', '--', script.path);
    await pidsOf(script.folder);
    const port = Number(new URL(api.url).port);
    await api.close();
    expect((await worker.until('away')).reason).toContain('ECONNREFUSED');
    writeFileSync(join(script.folder, 'go'), '');
    await untilGone(await pidsOf(script.folder));
    api = await serveAt(port);
    await worker.until('back');
    expect(await untilStatus(hopper, id, 'completed')).toMatchObject({ result: 'done' });
    expect(await attemptsOf(id)).toHaveLength(1);

    const { task: next } = await hopper.submit({ instance_id: hopper.idOf('away') });
    expect(await worker.ended).toBe(0);
    expect(await hopper.service.tasks.get(next.id)).toMatchObject({ status: 'completed' });
    expect(worker.names().filter((name) => name === 'away')).toHaveLength(1);
  });

  it('waits for an API that is not there yet', async () => {
    const port = Number(new URL(api.url).port);
    await api.close();
    await queued('late');
    const worker = start('late', '--once', '--', 'true');
    await worker.until('away');
    api = await serveAt(port);
    expect(await worker.ended).toBe(0);
    expect(worker.names()).toEqual(['away', 'back', 'started', 'claimed', 'completed', 'stopped']);
  });
});
