import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { composeApi, migrateDatabase } from '../../src/composition.ts';
import { readSettings } from '../../src/config/settings.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { TaskCreate } from '../../src/domain/task.schema.ts';
import { startPostgres } from '../../src/stack/embedded-postgres.ts';
import { SMALL_TREE, by, eventually, plant, twoHops } from '../support/hopper.ts';
import { temporalAddress } from '../support/servers/addresses.ts';
import { startProcess } from './support/processes.ts';

describe('a PostgreSQL that restarts under a running worker', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  });

  it('ends neither worker nor API, and what was asked meanwhile is done', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hopper-chaos-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    let postgres = await startPostgres({ folder: join(folder, 'postgres') });
    cleanups.push(() => postgres.close());
    const taskQueue = `hopper-${String(process.pid)}-restart`;
    const env = {
      DATABASE_URL: postgres.databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress(),
      HOPPER_HIERARCHY: '/dev/null',
    };
    const settings = { ...readSettings(env), taskQueue };
    await migrateDatabase(settings);
    const api = await composeApi(settings);
    const { service } = api;
    cleanups.push(() => api.close());
    await plant(service, SMALL_TREE, null);
    const worker = await startProcess('worker-process.ts', { ...env, TASK_QUEUE: taskQueue });
    cleanups.push(() => worker.kill());
    const submit = (title: string) =>
      service.tasks.submit(TaskCreate.parse({ title, tags: twoHops('auto'), estimated_duration: 240 }), by());
    const reaches = (taskId: string, status: string) =>
      eventually(
        () => service.tasks.get(taskId),
        (task) => task.status === status,
      );
    const before = await submit('before the restart');
    await reaches(before.task.id, 'queued');

    const { port } = postgres;
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.close();
    const refusal: unknown = await service.tasks.get(before.task.id).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DomainError);
    expect(refusal).toMatchObject({ code: 'database_unavailable' });
    const completing = service.tasks
      .command(before.task.id, { kind: 'complete' }, by())
      .catch((error: unknown) => error);
    expect(await completing).toMatchObject({ code: 'database_unavailable' });
    postgres = await startPostgres({ folder: join(folder, 'postgres'), port: { exactly: port, variable: 'PORT' } });

    const after = await submit('after the restart');
    await reaches(after.task.id, 'queued');
    for (const { task } of [before, after]) {
      expect(await service.tasks.command(task.id, { kind: 'complete' }, by())).toMatchObject({ status: 'completed' });
    }
    expect([worker.child.exitCode, worker.child.signalCode]).toEqual([null, null]);
  });
});
