import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Duration } from '@temporalio/common';
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
/**
 * How long the workflow code may run in one go. The SDK's 5 s end a process that was merely stopped, or starved, in the
 * middle of it: Node does not survive the interruption ("async hook stack has become corrupted"). There is no loop in it
 * that could hang. The SDK takes the setting; its types do not name it.
 */
const ISOLATE_TIMEOUT = '2 minutes';
/** Passes of drains and pages of a look through the records at once; each has eight connections in use at most. */
const CONCURRENT_PASSES = 3;

/** The worker that carries tasks: the workflows from their bundle, the steps as local activities. */
export async function createTaskWorker(options: TaskWorkerOptions): Promise<Worker> {
  const { connection, namespace, taskQueue, activities, maxConcurrentSteps } = options;
  const settings: WorkerOptions & { readonly isolateExecutionTimeout: Duration } = {
    connection,
    namespace,
    taskQueue,
    activities,
    ...workflowSource(options.workflowBundle),
    maxConcurrentLocalActivityExecutions: maxConcurrentSteps,
    maxConcurrentActivityTaskExecutions: CONCURRENT_PASSES,
    maxCachedWorkflows: options.maxCachedWorkflows ?? CACHED_WORKFLOWS,
    shutdownGraceTime: '10 seconds',
    isolateExecutionTimeout: ISOLATE_TIMEOUT,
  };
  return Worker.create(settings);
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
