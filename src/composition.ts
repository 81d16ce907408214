import type { Client } from '@temporalio/client';
import { createActivities } from '../activities/index.ts';
import { loadHierarchy } from './config/hierarchy-file.ts';
import { loadPolicy, parsePolicy } from './config/policy-file.ts';
import { type PolicyWatch, createPolicyWatch } from './config/policy-watch.ts';
import { type Settings, requireServers } from './config/settings.ts';
import { HOPPER } from './domain/actor.ts';
import type { TaskWorkflows } from './domain/suspect.ts';
import type { LoadedPolicy, ParsePolicy } from './domain/policy.ts';
import { asDatabaseError } from './persistence/availability.ts';
import { type DatabaseOptions, openDatabase } from './persistence/database.ts';
import { migrateUp } from './persistence/migrator.ts';
import { defineModels, type Models } from './persistence/models/models.ts';
import { createReads } from './persistence/queries/reads.ts';
import type { PublishWhen } from './persistence/repositories/policy.repository.ts';
import { createRepositories } from './persistence/repositories/repositories.ts';
import { type PolicyParts, policyParts } from './policy-parts.ts';
import { createService } from './service/create-service.ts';
import { createDrainGateway } from './service/drain-gateway.ts';
import { guard } from './service/guard.ts';
import type { HopperService } from './service/hopper-service.ts';
import { createOrderTask } from './service/ordering.ts';
import { createReleaseHeld } from './service/release-held.ts';
import { type TaskGateway, createTaskGateway } from './service/task-gateway.ts';
import { connectClient, type TemporalPlace } from './temporal/connect.ts';
import { isDraining, watchForDrains } from './temporal/drain-watch.ts';
import { watchDueTimes } from './temporal/due-watch.ts';
import { sweepLeases } from './temporal/lease-sweep.ts';
import { watchHeldTasks } from './temporal/held-watch.ts';
import { scheduleReconcile } from './temporal/reconcile-schedule.ts';
import { watchForRereads } from './temporal/reread-watch.ts';
import { registerSearchAttributes } from './temporal/search-attributes.ts';
import { taskWorkflowsOf } from './temporal/task-workflows.ts';
import { type WatchedWorker, withWatches } from './temporal/watched-worker.ts';
import type { OrderLeave } from './use-cases/drain-instance.ts';
import { createHeldStore } from './use-cases/find-held.ts';
import { findOverdue } from './use-cases/find-overdue.ts';
import { type StoppingInstance, findStopping } from './use-cases/find-stopping.ts';
import { createGiveBack } from './use-cases/give-back.ts';
import { createSweepLeases } from './use-cases/sweep-leases.ts';
import { createSuspectStore } from './use-cases/find-suspects.ts';
import { createMendSuspects } from './use-cases/mend-suspects.ts';
import { createJudgeNow } from './use-cases/judge-now.ts';
import { createPolicyInForce } from './use-cases/policy-in-force.ts';
import type { Ports } from './use-cases/ports.ts';
import { createPublishPolicy, createRefusePolicy } from './use-cases/publish-policy.ts';
import type { ReconcileNeeds } from './use-cases/reconcile.ts';
import { seedHierarchy } from './use-cases/seed-hierarchy.ts';
import { createMaintenanceUseCases, createTaskUseCases, type TaskUseCases } from './use-cases/use-cases.ts';

/** The API's half of Hopper: the service and how to let go of its connections. */
export interface ComposedApi {
  readonly service: HopperService;
  close(): Promise<void>;
}

/** The worker's half: `run` ends after `shutdown`; `close` lets go of its connections. */
export interface ComposedWorker extends WatchedWorker {
  close(): Promise<void>;
}

/** Where the worker tells what it decided and what went wrong. */
export interface WorkerLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** What tests and embedders may set. */
export interface WorkerOverrides {
  readonly workflowBundle?: string;
  readonly maxCachedWorkflows?: number;
  readonly rereadEveryMs?: number;
  readonly rereadSettleSeconds?: number;
  readonly sweepEveryMs?: number;
  readonly policyEveryMs?: number;
  readonly heldEveryMs?: number;
  readonly reconcileEveryMs?: number;
  readonly log?: WorkerLog;
  /** Stands between the worker and its steps; chaos tests kill the process from here. */
  readonly aroundSteps?: (useCases: TaskUseCases) => TaskUseCases;
}

/** The pool of an API process. */
export const API_CONNECTIONS = 10;
const WORKER_CONNECTIONS = 16;
const MIGRATOR_CONNECTIONS = 4;
const MINUTE_MS = 60_000;
const SETTLE_SECONDS = 15;
const SWEEP_MS = 3_000;
const SILENT: WorkerLog = { info: () => undefined, warn: () => undefined };
const POLICY_MS = 2_000;
const HELD_MS = 3_000;
const RECONCILE_MS = 600_000;

/** Brings the schema up to date and fills an empty database with the hierarchy; both may run twice and at once. */
export async function migrateDatabase(settings: Settings): Promise<{ applied: readonly string[]; seeded: number }> {
  requireServers(settings, ['database']);
  const hierarchy = loadHierarchy(settings.hierarchyFile, policyParts(settings.policyFile));
  const { ports, models } = open(settings, { maxConnections: MIGRATOR_CONNECTIONS, isPatient: true });
  try {
    const applied = await migrateUp(models.sequelize);
    return { applied, seeded: await seedHierarchy(ports, hierarchy) };
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await models.sequelize.close();
  }
}

/** Builds the service behind the HTTP API. Neither server has to be there yet. */
export function composeApi(settings: Settings): Promise<ComposedApi> {
  requireServers(settings, ['database', 'temporal']);
  const { ports, models, parse } = open(settings, { maxConnections: API_CONNECTIONS });
  const { client, close } = connectClient(placeOf(settings));
  const { taskQueue } = settings;
  const service = createService({
    ports,
    reads: createReads(models),
    client,
    taskQueue,
    parsePolicy: parse,
    serverKey: settings.serverKey?.reveal() ?? null,
  });
  return Promise.resolve({
    service: guard(service, asDatabaseError),
    close: async () => {
      await Promise.all([close(), models.sequelize.close()]);
    },
  });
}

/** Builds the worker: activities on the database, workflows from their bundle, and the minute check. */
export async function composeWorker(settings: Settings, overrides: WorkerOverrides = {}): Promise<ComposedWorker> {
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((letGo) => letGo()));
  };
  try {
    return { ...(await buildWorker(settings, overrides, opened)), close };
  } catch (error) {
    await close(); // what is open would keep a process alive that is nothing any more
    throw error;
  }
}

async function buildWorker(
  settings: Settings,
  overrides: WorkerOverrides,
  undo: (() => Promise<void>)[],
): Promise<WatchedWorker> {
  requireServers(settings, ['database', 'temporal']);
  const { connectWorker, createTaskWorker } = await import('./temporal/worker.ts'); // heavy, and the API needs none of it
  const { log } = overrides;
  const opened = open(settings, { maxConnections: WORKER_CONNECTIONS }, (decision) => log?.info(decision, 'decided'));
  const { ports, models } = opened;
  const place = placeOf(settings);
  const connection = await connectWorker(place);
  const { client, close } = connectClient(place);
  undo.push(
    close,
    () => connection.close(),
    () => models.sequelize.close(),
  );
  await registerSearchAttributes(client.connection, place.namespace);
  const policyWatch = policyWatchOf(settings, opened, overrides);
  await policyWatch.start();
  const useCases = createTaskUseCases(ports);
  const gateway = createTaskGateway(client, settings.taskQueue);
  const workflows = taskWorkflowsOf(client, gateway);
  const drains = drainsOf(ports, client, gateway, settings.taskQueue);
  const maintenance = createMaintenanceUseCases(ports, { workflows, orderLeave: drains.orderLeave, ...toldTo(log) });
  const worker = await createTaskWorker({
    connection,
    namespace: place.namespace,
    taskQueue: settings.taskQueue,
    activities: createActivities(overrides.aroundSteps?.(useCases) ?? useCases, maintenance),
    maxConcurrentSteps: WORKER_CONNECTIONS,
    workflowBundle: overrides.workflowBundle,
    maxCachedWorkflows: overrides.maxCachedWorkflows,
  });
  const watches = watchesOf(ports, { gateway, workflows, drains, overrides });
  await scheduleReconcile(client, { ...settings, everyMs: overrides.reconcileEveryMs ?? RECONCILE_MS });
  return withWatches(worker, (stop) => [...watches(stop), policyWatch.run(stop)]);
}

/** What a look through the records says to the log. */
function toldTo(log: WorkerLog | undefined): Pick<ReconcileNeeds, 'onDone' | 'onFailure'> {
  return {
    onDone: (done) => log?.info(done, 'reconciled'),
    onFailure: (err, id) => log?.warn({ err, id }, 'a repair could not be made'),
  };
}

/** What a drain does, in Hopper's own name, and how a stopping instance without one is found and gets it. */
function drainsOf(ports: Ports, client: Client, tasks: TaskGateway, taskQueue: string) {
  const orderTask = createOrderTask({ gateway: tasks, judgeNow: createJudgeNow(ports), ...ports.repositories });
  const orderLeave: OrderLeave = (task, command, requestId) =>
    orderTask(task.id, command, { actor: HOPPER, requestId });
  const drains = createDrainGateway(client, taskQueue);
  return {
    orderLeave,
    stopping: () => findStopping(ports.database),
    isDraining: (instanceId: string) => isDraining(client, instanceId),
    startDrain: (instance: StoppingInstance) => drains.start(instance),
  };
}

interface Opened {
  readonly ports: Ports;
  readonly models: Models;
  readonly parts: PolicyParts;
  readonly parse: ParsePolicy;
}

function open(settings: Settings, options: DatabaseOptions, onDecision: Ports['onDecision'] = () => undefined): Opened {
  const parts = policyParts(settings.policyFile);
  const { rules, behaviorsOf } = parts;
  const database = openDatabase(settings.databaseUrl?.reveal() ?? '', options);
  const models = defineModels(database);
  const repositories = createRepositories(models);
  const load = () => loadPolicy(settings.policyFile, parts);
  const policyInForce = createPolicyInForce({ database, repositories, load, owner: ownerOf(settings), behaviorsOf });
  const parse: ParsePolicy = (name, text) => parsePolicy(name, text, parts);
  return { ports: { database, repositories, rules, policyInForce, onDecision }, models, parts, parse };
}

interface WatchNeeds {
  readonly gateway: TaskGateway;
  readonly workflows: TaskWorkflows;
  readonly drains: ReturnType<typeof drainsOf>;
  readonly overrides: WorkerOverrides;
}

/** The checks of a worker: for missed writes, for drains that nobody started, and for held tasks that somebody would take. */
function watchesOf(ports: Ports, { gateway, workflows, drains, overrides }: WatchNeeds) {
  const { log } = overrides;
  const records = createSuspectStore(ports.database);
  const watch = {
    records,
    mend: createMendSuspects(records, workflows),
    everyMs: overrides.rereadEveryMs ?? MINUTE_MS,
    settleSeconds: overrides.rereadSettleSeconds ?? SETTLE_SECONDS,
    onProblem: (error: unknown) => log?.warn({ err: error }, 'the minute check could not be made'),
  };
  const heldWatch = {
    records: createHeldStore(ports),
    release: createReleaseHeld(gateway),
    everyMs: overrides.heldEveryMs ?? HELD_MS,
    onProblem: (error: unknown) => log?.warn({ err: error }, 'the held tasks could not be looked through'),
  };
  const sweep = {
    sweep: createSweepLeases(ports, createGiveBack(ports)),
    workflows,
    everyMs: overrides.sweepEveryMs ?? SWEEP_MS,
    onProblem: (error: unknown) => log?.warn({ err: error }, 'leases could not be looked through'),
  };
  const dueWatch = {
    pages: () => findOverdue(ports.database),
    workflows,
    everyMs: sweep.everyMs,
    onProblem: (error: unknown) => log?.warn({ err: error }, 'due times could not be looked through'),
  };
  return (stop: AbortSignal): Promise<void>[] => [
    watchForRereads(watch, stop),
    watchDueTimes(dueWatch, stop),
    watchForDrains({ ...watch, ...drains }, stop),
    watchHeldTasks(heldWatch, stop),
    sweepLeases(sweep, stop),
  ];
}

/** Brings the policy file of this worker into force, at its start and after each change. */
function policyWatchOf(settings: Settings, opened: Opened, { policyEveryMs, log }: WorkerOverrides): PolicyWatch {
  const { ports, parts, parse } = opened;
  const publish = createPublishPolicy({ ...ports, behaviorsOf: parts.usableBehaviorsOf });
  const refuse = createRefusePolicy(ports);
  const by = ownerOf(settings);
  const writes = {
    publish: (loaded: LoadedPolicy, { when }: { when: PublishWhen }) => publish(loaded, { by, when }),
    refuse: (problem: string) => refuse(problem, by),
    isAnyInForce: async () => (await ports.repositories.policies.inForceHash(null)) !== null,
  };
  return createPolicyWatch({
    ...guard(writes, asDatabaseError),
    file: settings.policyFile,
    parse,
    digestsOf: parts.digestsOf,
    everyMs: policyEveryMs ?? POLICY_MS,
    log: log ?? SILENT,
  });
}

/** Who publishes what stands in this process's file. */
function ownerOf({ policyFile }: Settings): string {
  return `hopper (${policyFile.path})`;
}

function placeOf({ temporalAddress, temporalNamespace }: Settings): TemporalPlace {
  return { address: temporalAddress ?? '', namespace: temporalNamespace };
}
