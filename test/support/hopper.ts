import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { Sequelize } from 'sequelize';
import {
  type ComposedWorker,
  type WorkerOverrides,
  composeApi,
  composeWorker,
  migrateDatabase,
} from '../../src/composition.ts';
import { type Settings, readSettings } from '../../src/config/settings.ts';
import { ADMIN, type Actor } from '../../src/domain/actor.ts';
import type { InstanceConfig } from '../../src/domain/instance.schema.ts';
import type { Scope } from '../../src/domain/instance.ts';
import { TaskCreate, type TaskCreateInput } from '../../src/domain/task.schema.ts';
import type { Task } from '../../src/domain/task.ts';
import type { HopperService, RequestContext } from '../../src/service/hopper-service.ts';
import { temporalAddress, workflowBundlePath } from './servers/addresses.ts';
import { freshDatabase } from './servers/database.ts';

/** A request by `admin`, or by whom the test names. */
export function by(actor: Actor | string = ADMIN, requestId: string = randomUUID()): RequestContext {
  const named = typeof actor === 'string' ? { name: actor, role: 'operator' as const, subtree: null } : actor;
  return { actor: named, requestId };
}

/** A tree as a test writes it: names with their config and their children. */
export interface Tree {
  readonly name: string;
  readonly scope: Scope;
  readonly config?: InstanceConfig;
  readonly children?: readonly Tree[];
}

/** One Global, a project that takes what comes, one that asks a person, and orchestrations below both. */
export const SMALL_TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'auto',
      scope: 'project',
      config: { capabilities: ['auto'] },
      children: [{ name: 'auto-builds', scope: 'orchestration', config: { capabilities: ['build'] } }],
    },
    {
      name: 'manual',
      scope: 'project',
      config: { capabilities: ['manual'], acceptance: 'manual' },
      children: [{ name: 'manual-builds', scope: 'orchestration', config: { acceptance: 'manual' } }],
    },
  ],
};

/** Tags that take a task through the project of this name to an orchestration. */
export const twoHops = (project: string): string[] => [project, 'complex', 'multi-step'];

interface StartOptions {
  readonly tree?: Tree;
  /** null: no worker is started. */
  readonly worker?: WorkerOverrides | null;
  readonly env?: Record<string, string>;
}

interface RunningWorker {
  readonly composed: ComposedWorker;
  readonly running: Promise<void>;
}

export interface TestHopper {
  readonly service: HopperService;
  readonly settings: Settings;
  readonly sql: Sequelize;
  readonly temporal: Client;
  readonly idOf: (name: string) => string;
  readonly submit: (task?: Partial<TaskCreateInput>) => ReturnType<HopperService['tasks']['submit']>;
  readonly startWorker: (overrides?: WorkerOverrides) => Promise<RunningWorker>;
  readonly stopWorkers: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A Hopper of this test's own: fresh database, own task queue, a running worker unless told otherwise. */
export async function startHopper(options: StartOptions = {}): Promise<TestHopper> {
  const database = await freshDatabase();
  const environment = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalAddress(),
    HOPPER_HIERARCHY: '/dev/null',
    ...options.env,
  };
  const settings: Settings = { ...readSettings(environment), taskQueue: `hopper-${randomUUID()}` };
  await migrateDatabase(settings);
  const api = await composeApi(settings);
  const { service } = api;
  const connection = await Connection.connect({ address: settings.temporalAddress ?? '' });
  const sql = new Sequelize(database.url, { logging: false, dialect: 'postgres' });
  const ids = await plant(service, options.tree ?? SMALL_TREE, null);
  const workers: RunningWorker[] = [];

  const startWorker = async (overrides: WorkerOverrides = {}) => {
    const composed = await composeWorker(settings, { workflowBundle: workflowBundlePath(), ...overrides });
    const entry = { composed, running: composed.run() };
    workers.push(entry);
    return entry;
  };
  const stopWorkers = async () => {
    for (const { composed, running } of workers.splice(0)) {
      composed.shutdown();
      await running;
      await composed.close();
    }
  };
  if (options.worker !== null) await startWorker(options.worker);

  return {
    service,
    settings,
    sql,
    temporal: new Client({ connection }),
    idOf: (name: string): string => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`no instance ${name} in this tree`);
      return id;
    },
    submit: (task: Partial<TaskCreateInput> = {}) =>
      service.tasks.submit(TaskCreate.parse({ title: 'a task', ...task }), by()),
    startWorker,
    stopWorkers,
    stop: async () => {
      await stopWorkers();
      await api.close();
      await connection.close();
      await sql.close();
      await database.drop();
    },
  };
}

/** Looks again until it holds; fails with the last thing seen. */
export async function eventually<Seen>(
  look: () => Promise<Seen>,
  holds: (seen: Seen) => boolean,
  withinMs = 30_000,
): Promise<Seen> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`still not so after ${String(withinMs)} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until a task has one of these statuses. */
export function untilStatus(
  { service }: Pick<TestHopper, 'service'>,
  taskId: string,
  ...statuses: string[]
): Promise<Task> {
  return eventually(
    () => service.tasks.get(taskId),
    (task) => statuses.includes(task.status),
  );
}

/** Creates and starts a tree; answers the id of each name. */
export async function plant(service: HopperService, tree: Tree, parentId: string | null): Promise<Map<string, string>> {
  const { name, scope, config = {}, children = [] } = tree;
  const instance = await service.instances.create({ name, scope, parent_id: parentId, config }, by());
  await service.instances.move(instance.id, 'start', by());
  const ids = new Map([[name, instance.id]]);
  for (const child of children) for (const [key, id] of await plant(service, child, instance.id)) ids.set(key, id);
  return ids;
}
