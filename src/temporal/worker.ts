import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';

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
const CACHED_WORKFLOWS = 500;

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
    maxCachedWorkflows: options.maxCachedWorkflows ?? CACHED_WORKFLOWS,
    shutdownGraceTime: '10 seconds',
  });
}

function workflowSource(bundle: string | undefined): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = bundle ?? (existsSync(BUILT_BUNDLE) ? BUILT_BUNDLE : null);
  return codePath === null ? { workflowsPath: WORKFLOWS_FOLDER } : { workflowBundle: { codePath } };
}
