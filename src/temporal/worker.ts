import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { DomainError } from '../domain/errors.ts';
import { fromEnvironment, type TemporalPlace } from './connect.ts';

export interface TaskWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly activities: Activities;
  /** As many steps at once as the pool has connections for. */
  readonly maxConcurrentSteps: number;
  readonly workflowBundle?: string | undefined;
  readonly maxCachedWorkflows?: number | undefined;
}

const BUILT_BUNDLE = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
const WORKFLOWS_FOLDER = fileURLToPath(new URL('../../workflows', import.meta.url));
/** Workflows that a worker keeps in memory; any other is read from its history when something happens to it. */
export const CACHED_WORKFLOWS = 500;
/** Passes of drains and pages of a look through the records at once; each has eight connections in use at most. */
const CONCURRENT_PASSES = 3;

/** The worker that carries tasks: the workflows from their bundle, the steps as local activities. */
export async function createTaskWorker(options: TaskWorkerOptions): Promise<Worker> {
  const { connection, namespace, taskQueue, activities, maxConcurrentSteps } = options;
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    ...workflowSource(options.workflowBundle),
    maxConcurrentLocalActivityExecutions: maxConcurrentSteps,
    maxConcurrentActivityTaskExecutions: CONCURRENT_PASSES,
    maxCachedWorkflows: options.maxCachedWorkflows ?? CACHED_WORKFLOWS,
    shutdownGraceTime: '10 seconds',
  });
}

/** The connection of a worker; fails if Temporal is away. */
export async function connectWorker({ address }: TemporalPlace): Promise<NativeConnection> {
  const { apiKey, tls } = fromEnvironment();
  const options = {
    address,
    ...(typeof apiKey === 'string' && { apiKey }),
    ...(tls !== undefined && tls !== null && { tls }),
  };
  return NativeConnection.connect(options).catch((cause: unknown): never => {
    throw new DomainError('temporal_unavailable', `Temporal does not answer at ${address}`, { cause });
  });
}

function workflowSource(bundle: string | undefined): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = bundle ?? (existsSync(BUILT_BUNDLE) ? BUILT_BUNDLE : null);
  return codePath === null ? { workflowsPath: WORKFLOWS_FOLDER } : { workflowBundle: { codePath } };
}
